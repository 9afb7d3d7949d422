//! The OpenAPI document, and a readable page made from it: without script and without foreign
//! origins.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use serde_json::Value;
use std::fmt::Write as _;

use crate::model::users::Language;
use crate::words::Code;

/// The address of the page up to the code of a problem; a problem's `type` begins with it.
pub(super) const CODES: &str = "/api/docs#code-";

/// The document and its page, both made once at the start.
#[derive(Clone)]
pub(super) struct Docs {
    openapi: Bytes,
    page: Bytes,
}

impl Docs {
    /// Makes the page from an OpenAPI document.
    pub(super) fn of(openapi: String) -> Self {
        let page = render(&serde_json::from_str(&openapi).unwrap_or_default());
        Self { openapi: openapi.into(), page: page.into() }
    }
}

/// `GET /api/openapi.json`
pub(super) async fn openapi_json(State(docs): State<Docs>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], docs.openapi).into_response()
}

/// `GET /api/docs`
pub(super) async fn page(State(docs): State<Docs>) -> Html<Bytes> {
    Html(docs.page)
}

fn render(document: &Value) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Chinwag API</title><link rel=\"stylesheet\" href=\"/plain.css\"></head>\
         <body><div class=\"plain\"><main><h1>Chinwag API</h1>",
    );
    let about = document["info"]["description"].as_str().unwrap_or_default();
    for paragraph in about.split("\n\n") {
        let _ = write!(page, "<p>{}</p>", escape(paragraph));
    }
    page.push_str("<p><a href=\"/api/openapi.json\">OpenAPI 3.1 document</a></p><h2>Requests</h2>");
    for (path, item) in object(&document["paths"]) {
        for (method, operation) in object(item) {
            operation_html(&mut page, method, path, operation);
        }
    }
    page.push_str(
        "<h2 id=\"problems\">Problems</h2><p>What the <code>type</code> of a problem leads to. A \
         word in braces stands for what the one problem is about.</p>",
    );
    for &code in Code::ALL {
        code_html(&mut page, code);
    }
    page.push_str("<h2>Shapes</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        schema_html(&mut page, name, schema);
    }
    page.push_str("</main></div></body></html>");
    page
}

fn operation_html(page: &mut String, method: &str, path: &str, operation: &Value) {
    let summary = operation["summary"].as_str().unwrap_or_default();
    let method = method.to_uppercase();
    let _ = write!(page, "<h3><code>{method} {}</code></h3>", escape(path));
    let _ = write!(page, "<p>{}</p>", escape(summary));
    if let Some(more) = operation["description"].as_str() {
        let _ = write!(page, "<p>{}</p>", escape(more));
    }
    page.push_str("<ul>");
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = escape(parameter["name"].as_str().unwrap_or_default());
        let location = escape(parameter["in"].as_str().unwrap_or_default());
        let about = escape(parameter["description"].as_str().unwrap_or_default());
        let _ = write!(page, "<li><code>{name}</code> ({location}) {about}</li>");
    }
    for (_, content) in object(&operation["requestBody"]["content"]) {
        let _ = write!(page, "<li>body: {}</li>", type_html(&content["schema"]));
    }
    for (status, response) in object(&operation["responses"]) {
        let about = escape(response["description"].as_str().unwrap_or_default());
        let mut shape = String::new();
        for (_, content) in object(&response["content"]) {
            shape = type_html(&content["schema"]);
        }
        let _ = write!(page, "<li>{}: {shape} {about}</li>", escape(status));
    }
    page.push_str("</ul>");
}

fn code_html(page: &mut String, code: Code) {
    let (name, status) = (code.as_str(), code.status());
    let about = escape(code.sentence(Language::English));
    let _ = write!(page, "<h3 id=\"code-{name}\"><code>{name}</code></h3>");
    let _ = write!(page, "<p>Status {status}. {about}</p>");
}

fn schema_html(page: &mut String, name: &str, schema: &Value) {
    let name = escape(name);
    let about = escape(schema["description"].as_str().unwrap_or_default());
    let _ = write!(page, "<h3 id=\"{name}\">{name}</h3><p>{about}</p><ul>");
    let parts = schema["allOf"].as_array().cloned().unwrap_or_default();
    for part in parts.iter().chain([schema]) {
        if part.get("$ref").is_some() {
            let _ = write!(page, "<li>all of {}</li>", type_html(part));
        }
        for (field, shape) in object(&part["properties"]) {
            let about = escape(shape["description"].as_str().unwrap_or_default());
            let field = escape(field);
            let _ = write!(page, "<li><code>{field}</code> {} — {about}</li>", type_html(shape));
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        let _ = write!(page, "<li>one of {}</li>", escape(&values.join(", ")));
    }
    page.push_str("</ul>");
}

/// The name of a shape, with a link when it has one.
fn type_html(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", type_html(items));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(shapes) = schema[choice].as_array() {
            return shapes.iter().map(type_html).collect::<Vec<_>>().join(" or ");
        }
    }
    match &schema["type"] {
        Value::String(name) => escape(name),
        Value::Array(names) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            escape(&names.join(" or "))
        }
        _ => String::new(),
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
