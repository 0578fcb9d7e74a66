//! Answers questions about places through acme:geo, an interface that the embedding program
//! provides; testdata/guests/README.md lists the routes.

#[path = "../../common/target.rs"]
mod target;

use bindings::acme::geo::lookup::{Error, Place, distance, find, near};
use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_service;
use target::Target;

mod bindings {
    wit_bindgen::generate!({
        path: "../../../../examples/customhost/geo/wit",
        world: "places",
        generate_all,
    });
}

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    let (status, text) = match answer(&target).await {
        Ok(text) => (200, text),
        Err(Error::Unknown(name)) => (404, format!("nobody knows {name}\n")),
        Err(Error::QuotaExceeded) => (429, "too many questions\n".into()),
    };
    Response::builder()
        .status(status)
        .header("content-type", "text/plain")
        .body(text)
}

async fn answer(target: &Target) -> Result<String, Error> {
    let from = find(target.text("from").into()).await?;
    match target.path.as_str() {
        "/find" => Ok(line(&from)),
        "/distance" => {
            let to = find(target.text("to").into()).await?;
            Ok(format!("{:.0} km\n", distance(&from, &to)))
        }
        "/near" => {
            let mut places = near(&from, target.number("km") as f64);
            let mut text = String::new();
            while let Some(place) = places.next().await {
                text += &line(&place);
            }
            Ok(text)
        }
        _ => Ok("no such route\n".into()),
    }
}

fn line(place: &Place) -> String {
    format!("{}: {:.2} {:.2}\n", place.name, place.latitude, place.longitude)
}
