//! From the links of older versions to today's, one version at a time.

use crate::scenario::VERSION;

/// The keys and values of a link, decoded.
pub(super) type Pairs = Vec<(String, String)>;

/// From version N to N + 1: renames keys, and writes out defaults that the new version changed.
type Upgrader = fn(Pairs) -> Pairs;

/// Versions before today's.
const OLDER: usize = VERSION as usize - 1;

/// One upgrader for each older version, the first from version 1 to 2. The array's length is the compile-time check:
/// raising [`VERSION`] without an upgrader does not build.
const UPGRADERS: [Upgrader; OLDER] = [];

/// Bring the pairs of a link of version `from` (1 to [`VERSION`]) to today's.
pub(super) fn upgraded(pairs: Pairs, from: u32) -> Pairs {
    let done = usize::try_from(from.saturating_sub(1)).unwrap_or(OLDER);
    UPGRADERS.iter().skip(done).fold(pairs, |pairs, upgrade| upgrade(pairs))
}
