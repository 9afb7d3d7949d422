//! socketioxide behind axum, as its documentation shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;

#[derive(Clone)]
struct App {
    io: SocketIo,
    revision: Arc<AtomicU64>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).ok_or("which port?")?;
    let (layer, io) = SocketIo::new_layer();
    io.ns("/app", |_: SocketRef| async {});
    let app = App { io, revision: Arc::default() };
    let router = Router::new()
        .route("/api/channels/{id}/messages", post(tell))
        .fallback(any(anything))
        .with_state(app)
        .layer(layer);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn tell(State(app): State<App>, Json(posted): Json<Value>) -> impl IntoResponse {
    let revision = app.revision.fetch_add(1, Ordering::SeqCst) + 1;
    let event = json!({
        "type": "posted",
        "channel": 1,
        "revision": revision,
        "message": {
            "channel": 1,
            "number": revision,
            "revision": revision,
            "key": "00000000-0000-4000-8000-000000000000",
            "author": {"id": 1, "name": "peer"},
            "text": posted["text"],
            "created_at": "2026-01-01T00:00:00.000Z",
            "deleted_at": null,
            "attachments": [],
        },
    });
    if let Some(namespace) = app.io.of("/app") {
        // A slow member's full queue is an error here; it is told by the count of deliveries.
        let _ = namespace.emit("message", &event).await;
    }
    (StatusCode::CREATED, Json(json!({"id": 1, "revision": revision})))
}

async fn anything(State(app): State<App>) -> impl IntoResponse {
    let revision = app.revision.load(Ordering::SeqCst);
    let cookie = [(header::SET_COOKIE, "chinwag_session=peer")];
    (cookie, Json(json!({"id": 1, "revision": revision})))
}
