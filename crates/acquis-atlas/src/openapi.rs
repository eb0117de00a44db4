//! The description of what is offered to programs, as a document of `OpenAPI`.

use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::PartialSchema as _;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{
    Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{InfoBuilder, OpenApiBuilder, RefOr, Required};

use crate::moment::Day;

/// The description of a question: GET with the parameters of `Q`, of which those whose name
/// stands in the path in braces are segments of it, and with the moment, which every question
/// understands.
pub(crate) fn question<Q: IntoParams>(path: &str, summary: &str) -> Operation {
    let mut parameters = Q::into_params(|| Some(ParameterIn::Query));
    for parameter in &mut parameters {
        if path.contains(&format!("{{{}}}", parameter.name)) {
            parameter.parameter_in = ParameterIn::Path;
            parameter.required = Required::True;
        }
    }
    for (name, meaning) in [
        ("on", "The day that is asked about; today if left out"),
        ("known_by", "Use only what had been published by this day"),
    ] {
        if !parameters.iter().any(|parameter| parameter.name == name) {
            parameters.push(day(name, meaning));
        }
    }
    operation(summary)
        .parameters(Some(parameters))
        .response("200", answer("The answer"))
        .response("404", problem("Nothing has the name that was given"))
        .response("422", problem("What was asked makes no sense"))
        .build()
}

/// An operation with what every one of them can answer. The caller adds its parameters and
/// what it answers when all is well.
pub(crate) fn operation(summary: &str) -> OperationBuilder {
    OperationBuilder::new()
        .summary(Some(summary))
        .response("400", problem("The question can't be read"))
        .response("401", problem("The server wants its token"))
        .response("403", problem("The request comes from a page elsewhere"))
        .response("408", problem("It took too long"))
        .response("500", problem("Something is wrong with the program"))
}

/// A parameter of the query that is a day.
fn day(name: &str, meaning: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .description(Some(meaning))
        .schema(Some(Day::schema()))
        .build()
}

/// A segment of the path that is a text.
pub(crate) fn segment(name: &str, meaning: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(meaning))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// What a form sends: files, and what stands in its fields.
pub(crate) fn files(description: &str) -> RequestBody {
    let binary = || {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
    };
    let form = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("files", ArrayBuilder::new().items(binary()))
        .required("files")
        .build();
    RequestBodyBuilder::new()
        .description(Some(description))
        .content(
            "multipart/form-data",
            ContentBuilder::new()
                .schema(Some(RefOr::T(Schema::Object(form))))
                .build(),
        )
        .required(Some(Required::True))
        .build()
}

/// A response that is a JSON document.
pub(crate) fn answer(description: &str) -> Response {
    with_content(
        description,
        "application/json",
        Schema::Object(
            ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::SchemaType::AnyValue)
                .build(),
        ),
    )
}

/// A response that is a problem.
pub(crate) fn problem(description: &str) -> Response {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let schema = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("type", text())
        .property("title", text())
        .property("status", ObjectBuilder::new().schema_type(Type::Integer))
        .property(
            "detail",
            text().description(Some("What is wrong, in a sentence")),
        )
        .required("title")
        .required("status")
        .required("detail")
        .build();
    with_content(
        description,
        "application/problem+json",
        Schema::Object(schema),
    )
}

fn with_content(description: &str, media: &str, schema: Schema) -> Response {
    ResponseBuilder::new()
        .description(description)
        .content(
            media,
            ContentBuilder::new().schema(Some(RefOr::T(schema))).build(),
        )
        .build()
}

/// The whole document.
pub(crate) fn document(paths: Paths) -> Value {
    let info = InfoBuilder::new()
        .title("Acquis")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The answers of the atlas for programs: under every page's path the same answer as JSON.",
        ))
        .build();
    let document = OpenApiBuilder::new().info(info).paths(paths).build();
    serde_json::to_value(document).unwrap_or_else(|_| json!({}))
}
