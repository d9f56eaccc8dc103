#!/usr/bin/env bash
# Searches for inputs that break a reader: scripts/fuzz.sh MINUTES [TARGET...]; all targets if none is named.
# What is found lies in fuzz/artifacts; the corpus that grows meanwhile is fuzz/work, the one to start from fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
minutes=${1:?minutes for each target}
shift

scripts/install.sh cargo-fuzz
# libFuzzer needs compiler flags that stable Rust keeps for itself; the code itself is stable Rust without unsafe parts,
# so no sanitizer is needed.
export RUSTC_BOOTSTRAP=1
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(cargo fuzz list)
for target in "${targets[@]}"; do
  say "Fuzzing $target for $minutes minutes ..."
  mkdir -p "fuzz/work/$target"
  cargo fuzz run --sanitizer none "$target" "fuzz/work/$target" "fuzz/corpus/$target" -- \
    -max_total_time=$((minutes * 60)) -timeout=10 -rss_limit_mb=2048 -max_len=16384 -verbosity=0 -print_final_stats=1
done
