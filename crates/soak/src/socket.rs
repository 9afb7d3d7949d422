//! A Socket.IO connection to `/app` over a WebSocket.

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::http::Client;
use crate::pause;

/// A connection. It ends when this is dropped.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Connects a person, within [`pause::ANSWER`].
    pub(crate) async fn open(person: &Client) -> Result<Self> {
        let opened = tokio::time::timeout(pause::ANSWER, Self::shake_hands(person)).await;
        opened.context("no handshake in time")?
    }

    async fn shake_hands(person: &Client) -> Result<Self> {
        let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", person.address());
        let mut request = url.into_client_request()?;
        request.headers_mut().insert("cookie", person.cookie().parse()?);
        let (stream, _) = tokio_tungstenite::connect_async(request).await?;
        let mut socket = Self { stream };
        socket.packet().await?;
        socket.stream.send(Frame::text("40/app,")).await?;
        let answer = socket.packet().await?;
        if !answer.starts_with("40/app,") {
            bail!("the namespace was refused: {answer}");
        }
        Ok(socket)
    }

    /// The next event: its name and its argument.
    ///
    /// # Errors
    /// When the connection has ended.
    pub(crate) async fn event(&mut self) -> Result<(String, Value)> {
        loop {
            let packet = self.packet().await?;
            let Some(json) = packet.strip_prefix("42/app,") else {
                if packet.starts_with("41") {
                    bail!("the server ended the namespace");
                }
                continue;
            };
            let mut parts: Vec<Value> = serde_json::from_str(json)?;
            let argument = parts.pop().context("an event without an argument")?;
            let name = parts.pop().context("an event without a name")?;
            return Ok((name.as_str().unwrap_or_default().to_owned(), argument));
        }
    }

    async fn packet(&mut self) -> Result<String> {
        loop {
            match self.stream.next().await.context("the end")?? {
                Frame::Text(text) if text.as_str() == "2" => {
                    self.stream.send(Frame::text("3")).await?;
                }
                Frame::Text(text) => return Ok(text.as_str().to_owned()),
                Frame::Close(_) => bail!("closed"),
                _ => {}
            }
        }
    }
}
