//! Bot tokens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::app::App;
use super::extract::{Body, PathPart};
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::TokenId;
use crate::wire::problem::Problem;
use crate::wire::sessions::{NewToken, Token, TokenDraft, Tokens};

/// Bot tokens, without their secrets
#[utoipa::path(get, path = "/api/me/tokens", tag = "bots",
    responses((status = 200, body = Tokens), (status = "default", body = Problem)))]
pub(super) async fn tokens(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<Tokens>, Fault> {
    let tokens = app.chat.tokens(&actor).await?;
    Ok(Json(Tokens { tokens: tokens.iter().map(Token::from).collect() }))
}

/// Make a bot token; its secret is shown only in this answer
#[utoipa::path(post, path = "/api/me/tokens", tag = "bots", request_body = TokenDraft,
    responses((status = 201, body = NewToken), (status = "default", body = Problem)))]
pub(super) async fn create_token(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(draft): Body<TokenDraft>,
) -> Result<(StatusCode, Json<NewToken>), Fault> {
    let (token, secret) = app.chat.create_token(&actor, &draft.name, draft.reach()).await?;
    let Token { id, name, created_at, used_at, channels, reads_only } = (&token).into();
    let token = secret.text();
    let token = NewToken { id, name, created_at, used_at, channels, reads_only, token };
    Ok((StatusCode::CREATED, Json(token)))
}

/// Revoke a bot token; its sockets are closed
#[utoipa::path(delete, path = "/api/me/tokens/{id}", tag = "bots", params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn revoke_token(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.revoke_token(&actor, TokenId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
