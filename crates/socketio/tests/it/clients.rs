//! The real clients: the official one for JavaScript, and Python's.
//!
//! Their scripts are in `tests/clients`; `tests/clients/setup` installs what they need. No client is
//! ever skipped: a client that cannot be started is a failure that says what to do.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use socketio::Config;
use tokio::process::Command;

use crate::host::{TestServer, brisk_config};

/// Time for a whole script. The scripts have shorter deadlines of their own and say what was missing.
const PATIENCE: Duration = Duration::from_secs(120);

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// Runs a client's script against a server and shows what it said if it failed.
async fn run(program: &Path, script: &str) {
    // Python's client may overlook a close that comes together with a ping. Then it notices the end
    // only 5 s after the ping timeout, which must be within the deadlines of its script.
    let config = Config { ping_timeout: Duration::from_secs(30), ..brisk_config() };
    let server = TestServer::with(config).await;
    let output = Command::new(program)
        .arg(scripts().join(script))
        .arg(format!("http://{}", server.address))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(PATIENCE, output)
        .await
        .unwrap_or_else(|_| panic!("{script} did not end in {} s", PATIENCE.as_secs()))
        .unwrap_or_else(|error| {
            panic!("{}: {error}; run tests/clients/setup first", program.display())
        });
    assert!(
        output.status.success(),
        "{script} failed (is tests/clients/setup done?)\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn the_official_javascript_client() {
    run(Path::new("node"), "client.mjs").await;
}

#[tokio::test]
async fn the_python_client() {
    run(&scripts().join(".venv/bin/python"), "client.py").await;
}
