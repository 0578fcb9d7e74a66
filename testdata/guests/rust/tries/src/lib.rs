//! A dependency that calls every interface that belongs to a capability set, as it is asked to,
//! and tells what became of the call.

mod data;
mod local;
mod outcome;
mod wasi;

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "tries", generate_all });
}

mod candidate {
    wit_bindgen::generate!({ path: "wit", world: "candidate", generate_all });
}

struct Tries;

impl bindings::exports::acme::tries::calls::Guest for Tries {
    async fn try_(id: String, function: String) -> (u32, String) {
        if let Some(outcome) = wasi::call(&id, &function).await {
            return outcome;
        }
        if let Some(outcome) = local::call(&id, &function).await {
            return outcome;
        }
        data::call(&id, &function)
            .await
            .unwrap_or_else(|| (u32::MAX, "this guest does not know the interface".into()))
    }
}

bindings::export!(Tries with_types_in bindings);
