//! Noticing the end of an answer's body.

use axum::body::Body;
use http_body_util::BodyExt as _;

/// The body, which calls `at_end` when it was handed on whole or given up.
pub(super) fn with_end(body: Body, at_end: impl FnOnce() + Send + 'static) -> Body {
    let mut end = AtEnd(Some(at_end));
    Body::new(body.map_frame(move |frame| {
        // `end` moves into the body with this closure, and is dropped with it.
        let _ = &mut end;
        frame
    }))
}

struct AtEnd<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        if let Some(at_end) = self.0.take() {
            at_end();
        }
    }
}
