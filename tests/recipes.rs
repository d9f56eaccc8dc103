//! The workflows of docs/recipes/github do what they promise: their own commands are run, step by step, in a repository
//! with a remote. The chart is refreshed and pushed, nothing is pushed when nothing changed, and the job fails when the
//! verdict changes. No workflow names an action, so there is none to pin.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml_ng::Value;

const REPOSITORY: &str = "somebody/product";

/// A remote, and folders for jobs that check it out.
struct Host {
    folder: PathBuf,
}

impl Host {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("crossover-recipe-{name}-{}", std::process::id()));
        // A folder of an earlier run with the same number may be there; it is no part of this one.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("seed")).unwrap();
        Self { folder }
    }

    fn remote(&self) -> PathBuf {
        self.folder.join(format!("{REPOSITORY}.git"))
    }

    /// Put files on the main branch, as a person would.
    fn push(&self, files: &[(&str, &str)]) {
        let seed = self.folder.join("seed");
        for (name, text) in files {
            fs::write(seed.join(name), text).unwrap();
        }
        let remote = self.remote();
        let script = format!(
            "test -d '{remote}' || git init --quiet --bare --initial-branch main '{remote}'
             test -d .git || {{ git init --quiet --initial-branch main; git remote add origin '{remote}'; }}
             git fetch --quiet origin && git reset --quiet --soft origin/main 2>/dev/null || true
             git add {names}; git commit --quiet --message 'Change the scenario'; git push --quiet origin HEAD:main",
            remote = remote.display(),
            names = files.iter().map(|(n, _)| *n).collect::<Vec<_>>().join(" ")
        );
        let out = self.shell(&script, &seed, &[]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    /// Run a step as the host does: bash that stops at the first failure, with the repository's address answered here.
    fn shell(&self, script: &str, place: &Path, env: &[(String, String)]) -> std::process::Output {
        let program = Path::new(env!("CARGO_BIN_EXE_crossover")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.args(["-e", "-c", script]).current_dir(place).env("PATH", path);
        let config = [
            (format!("url.{}/.insteadOf", self.folder.display()), "https://x-access-token:secret@github.com/"),
            ("user.name".into(), "Somebody"),
            ("user.email".into(), "somebody@crossover.example"),
            ("safe.directory".into(), "*"),
        ];
        command.env("GIT_CONFIG_COUNT", config.len().to_string()).env("GIT_CONFIG_GLOBAL", "/dev/null");
        for (i, (key, value)) in config.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{i}"), key).env(format!("GIT_CONFIG_VALUE_{i}"), value);
        }
        let known = [("GITHUB_REF_NAME", "main"), ("GITHUB_REPOSITORY", REPOSITORY), ("GITHUB_SHA", "0123abc")];
        command.envs(known).envs(env.iter().cloned()).output().unwrap()
    }

    /// Run a job's steps in a fresh folder until one fails; the name of that one. `replaced` are steps that need a
    /// network, with what they leave behind.
    fn job(&self, job: &Value, number: usize, replaced: &[(&str, &str)]) -> Result<(), String> {
        let place = self.folder.join(format!("job-{number}"));
        fs::create_dir_all(&place).unwrap();
        let value = |v: &Value| v.as_str().unwrap().replace("${{ github.token }}", "secret");
        let env = job["env"].as_mapping().unwrap();
        let env: Vec<(String, String)> = env.iter().map(|(k, v)| (value(k), value(v))).collect();
        for step in job["steps"].as_sequence().unwrap() {
            assert!(step.get("uses").is_none(), "an action would have to be pinned: {step:?}");
            let (name, run) = (step["name"].as_str().unwrap(), step["run"].as_str().unwrap());
            let run = replaced.iter().find(|(n, _)| *n == name).map_or(run, |(_, instead)| instead);
            let out = self.shell(run, &place, &env);
            if !out.status.success() {
                return Err(format!("{name}: {}", String::from_utf8_lossy(&out.stderr)));
            }
        }
        Ok(())
    }

    /// What git says of the remote.
    fn git(&self, arguments: &str) -> String {
        let out = self.shell(&format!("git --git-dir='{}' {arguments}", self.remote().display()), &self.folder, &[]);
        assert!(out.status.success(), "{arguments}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // What cannot be removed is only a folder of temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn workflow(file: &str, job: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recipes/github").join(file);
    let document: Value = serde_yaml_ng::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    document["jobs"][job].clone()
}

#[test]
fn a_chart_is_refreshed_and_the_job_fails_when_the_verdict_changes() {
    let host = Host::new("chart");
    let job = workflow("crossover.yml", "crossover");
    let install = [("Install", "crossover --version")];
    host.push(&[("crossover.json", r#"{"version": 1, "workload": {"tokens_per_day": 50e6}}"#)]);

    host.job(&job, 1, &install).unwrap();
    assert_eq!(host.git("rev-list --count main").trim(), "2", "the pictures are a commit");
    let light = host.git("show main:docs/crossover-light.svg");
    assert!(light.starts_with("<svg") && light != host.git("show main:docs/crossover-dark.svg"));

    host.job(&job, 2, &install).unwrap();
    assert_eq!(host.git("rev-list --count main").trim(), "2", "the same scenario gives the same bytes, so no commit");

    let residency = r#"{"version": 1, "workload": {"tokens_per_day": 50e6}, "requirements": {"data_residency": true}}"#;
    host.push(&[("crossover.json", residency)]);
    let failed = host.job(&job, 3, &install).unwrap_err();
    assert!(failed.starts_with("Has the verdict changed?") && failed.contains("self_host_required"), "{failed}");
    assert_eq!(host.git("rev-list --count main").trim(), "4", "the new pictures are there to look at");
}

#[test]
fn the_page_is_published_on_a_branch_of_its_own() {
    let host = Host::new("pages");
    let job = workflow("pages.yml", "publish");
    host.push(&[("README.md", "# Product\n")]);
    let build = [("Build", "mkdir -p dist/docs && echo page > dist/index.html && echo book > dist/docs/index.html")];
    for number in 1..=2 {
        host.job(&job, number, &build).unwrap();
        assert_eq!(host.git("rev-list --count gh-pages").trim(), "1");
        assert_eq!(host.git("show gh-pages:index.html"), "page\n");
        assert_eq!(host.git("ls-tree -r --name-only gh-pages"), ".nojekyll\ndocs/index.html\nindex.html\n");
    }
}
