//! A signed-in person's HTTP connection, which is opened again whenever it breaks.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::pause;

/// There was no answer, or only a part of one. Whether the server did what was asked is unknown.
#[derive(Debug)]
pub(crate) struct Broken;

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub body: Bytes,
}

/// A signed-in person.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    cookie: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Answer {
    /// The body as JSON; `Null` if it is not JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Whether the same request may succeed later, because the server is stopping or busy.
    pub(crate) fn is_passing(&self) -> bool {
        self.status == 429 || self.status >= 500
    }
}

impl Client {
    /// Takes a name.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub(crate) async fn sign_in(address: SocketAddr, name: &str) -> Result<Self> {
        let mut person = Self { address, cookie: String::new(), sender: None };
        let body = json!({ "name": name }).to_string();
        let sent = person.send(Method::POST, "/api/session", "application/json", body.into());
        let Ok(response) = sent.await else { bail!("no answer to the sign-in") };
        if response.0.status >= 300 {
            bail!("sign-in: {} {:?}", response.0.status, response.0.body);
        }
        person.cookie = response.1.context("no session cookie")?;
        Ok(person)
    }

    /// A second connection of the same person.
    pub(crate) fn twin(&self) -> Self {
        Self { address: self.address, cookie: self.cookie.clone(), sender: None }
    }

    /// The address of the server.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The value of the `Cookie` header.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Sends a request once.
    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Broken> {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        Ok(self.send(method, path, "application/json", bytes.into()).await?.0)
    }

    /// Uploads bytes, once.
    pub(crate) async fn upload(&mut self, path: &str, bytes: Bytes) -> Result<Answer, Broken> {
        Ok(self.send(Method::POST, path, "application/octet-stream", bytes).await?.0)
    }

    /// Repeats a `GET` request until there is an answer.
    ///
    /// # Errors
    /// When the server refuses, or there is no answer within [`pause::SETTLE`].
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer> {
        let until = tokio::time::Instant::now() + pause::SETTLE;
        while tokio::time::Instant::now() < until {
            match self.ask(Method::GET, path, None).await {
                Ok(answer) if answer.status < 300 => return Ok(answer),
                Ok(answer) if !answer.is_passing() => {
                    bail!("GET {path}: {} {:?}", answer.status, answer.body)
                }
                _ => tokio::time::sleep(pause::RETRY).await,
            }
        }
        bail!("GET {path}: no answer")
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<(Answer, Option<String>), Broken> {
        let exchange = self.exchange(method, path, content_type, body);
        let answer = tokio::time::timeout(pause::ANSWER, exchange).await;
        let answer = answer.ok().and_then(Result::ok).ok_or(Broken);
        if answer.is_err() {
            self.sender = None;
        }
        answer
    }

    async fn exchange(
        &mut self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<(Answer, Option<String>)> {
        if self.sender.as_ref().is_none_or(SendRequest::is_closed) {
            let stream = TcpStream::connect(self.address).await?;
            let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        let sender = self.sender.as_mut().context("just opened")?;
        sender.ready().await?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string())
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, content_type)
            .body(Full::new(body))?;
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        let cookie = response.headers().get_all(header::SET_COOKIE).iter().find_map(|value| {
            let pair = value.to_str().ok()?.split(';').next()?;
            pair.starts_with("chinwag_session_").then(|| pair.to_owned())
        });
        let body = response.into_body().collect().await?.to_bytes();
        Ok((Answer { status, body }, cookie))
    }
}
