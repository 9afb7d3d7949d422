//! The addresses that the real binary listens on, and what it says to the person who starts it.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(data: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chinwag"));
    command.args(["serve", "--listen", listen, "--data"]).arg(data);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Starts the server, and returns its lines.
fn start(data: &Path, listen: &str) -> (Server, BufReader<ChildStdout>, String) {
    let mut child = command(data, listen).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    (Server(child), said, line.trim().to_owned())
}

async fn is_well(mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin) {
    let asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(asked).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_port_a_name_or_every_address() {
    for (listen, told) in [
        ("0", "http://127.0.0.1:"),
        ("localhost:0", "http://127.0.0.1:"),
        (":0", "http://127.0.0.1:"),
    ] {
        let data = tempfile::tempdir().unwrap();
        let (server, _said, line) = start(data.path(), listen);
        let address = line.strip_prefix("Chinwag is listening on http://").unwrap();
        assert!(line.contains(told), "{listen}: {line}");
        is_well(TcpStream::connect(address).await.unwrap()).await;
        drop(server);
    }
}

#[tokio::test]
async fn where_it_listens_everywhere_it_names_the_addresses_that_others_type() {
    let data = tempfile::tempdir().unwrap();
    let (server, said, line) = start(data.path(), "0.0.0.0:0");
    let port = line.rsplit(':').next().unwrap().to_owned();
    drop(server);
    // The number of addresses depends on the machine; each must be one that people can type.
    let mut lines: Vec<String> = said.lines().map(Result::unwrap).collect();
    let first = lines.pop().unwrap();
    let here = format!("Open http://127.0.0.1:{port}/first/");
    assert!(first.starts_with(&here) && first.ends_with(" to make this place yours."), "{first}");
    for line in lines {
        let address = line.strip_prefix("In your network people type http://").unwrap();
        let (ip, typed) = address.rsplit_once(':').unwrap();
        let ip: std::net::Ipv4Addr = ip.parse().unwrap();
        assert!(!ip.is_loopback() && !ip.is_unspecified(), "{line}");
        assert_eq!(typed, port);
    }
}

#[tokio::test]
async fn a_socket_in_the_file_system() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("chat.sock");
    let listen = format!("unix:{}", path.display());
    let (server, _said, line) = start(&data.path().join("one"), &listen);
    assert_eq!(line, format!("Chinwag is listening on {listen}"));
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    is_well(UnixStream::connect(&path).await.unwrap()).await;

    let second = command(&data.path().join("two"), &listen).output().unwrap();
    assert!(!second.status.success(), "another server's socket is not taken");
    is_well(UnixStream::connect(&path).await.unwrap()).await;

    // A killed server leaves the file behind, and the next one replaces it.
    drop(server);
    assert!(path.exists());
    let (mut server, _said, _) = start(&data.path().join("one"), &listen);
    is_well(UnixStream::connect(&path).await.unwrap()).await;
    let pid = server.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(server.0.wait().unwrap().success());
    assert!(!path.exists(), "stopped, it takes the file along");
}

#[test]
fn what_cannot_be_listened_on_is_said() {
    for (listen, told) in [("localhost", "needs a port"), ("::1:8080", "brackets")] {
        let data = tempfile::tempdir().unwrap();
        let output = command(data.path(), listen).stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(told), "{listen}: {said}");
    }
}
