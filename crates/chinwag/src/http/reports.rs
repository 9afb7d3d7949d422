//! What clients report of themselves.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::app::App;
use super::extract::Body;
use super::problem::Fault;
use crate::chat::{Actor, Mismatch};
use crate::model::ids::{ChannelId, Revision};
use crate::model::refusal::Refusal;
use crate::wire::problem::Problem;
use crate::wire::reports::{MAX_FINGERPRINT, Report};

/// Tell the server's log that a client found its copy of a channel wrong
#[utoipa::path(post, path = "/api/reports", tag = "web app", request_body = Report,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn report(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(report): Body<Report>,
) -> Result<StatusCode, Fault> {
    let Report::DigestMismatch { channel, revision, expected, found } = report;
    for (field, text) in [("expected", &expected), ("found", &found)] {
        if text.len() > MAX_FINGERPRINT {
            return Err(Refusal::Malformed { field }.into());
        }
    }
    let (channel, revision) = (ChannelId(channel), Revision(revision));
    let mismatch = Mismatch { channel, revision, expected, found };
    app.chat.report_mismatch(&actor, mismatch).await?;
    Ok(StatusCode::NO_CONTENT)
}
