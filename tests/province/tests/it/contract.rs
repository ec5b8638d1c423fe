use congvan_province::openapi_json;

#[test]
fn the_checked_in_openapi_description_is_the_one_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let stored = std::fs::read_to_string(path).expect("tests/province/openapi.json");
    let current = openapi_json().expect("json");
    assert!(
        stored == current,
        "out of date: cargo run -p congvan-province -- openapi > tests/province/openapi.json"
    );
}

/// Every operation of the description, with its name.
fn operations() -> Vec<(String, serde_json::Value)> {
    let text = openapi_json().expect("json");
    let description: serde_json::Value = serde_json::from_str(&text).expect("json");
    let paths = description["paths"].as_object().expect("paths").clone();
    paths
        .into_iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").clone();
            methods
                .into_iter()
                .map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

#[test]
fn a_vendor_finds_every_endpoint_with_words_answers_codes_and_examples() {
    let operations = operations();
    assert_eq!(operations.len(), 27);
    for (name, operation) in operations {
        let said = |key: &str| operation[key].as_str().is_some_and(|words| words.len() > 8);
        assert!(said("summary"), "{name} has no words");
        let responses = operation["responses"].as_object().expect("responses");
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name}"
        );
        if operation["security"].is_array() && !name.contains("blobs") && !name.contains("uploads")
        {
            assert!(
                responses.contains_key("401"),
                "{name} is silent about tokens"
            );
        }
        for (status, response) in responses {
            let content = &response["content"];
            let is_refusal = status.starts_with('4') || status.starts_with('5');
            if is_refusal && status != "416" {
                let example = &content["application/problem+json"]["example"];
                assert_eq!(example["status"].to_string(), *status, "{name}");
            } else if content["application/json"].is_object() && name != "get /v1/session" {
                let example = &content["application/json"]["example"];
                assert!(!example.is_null(), "{name} {status} has no example");
            }
        }
    }
}

#[test]
fn every_type_and_every_field_of_the_description_is_explained() {
    let text = openapi_json().expect("json");
    let description: serde_json::Value = serde_json::from_str(&text).expect("json");
    let schemas = description["components"]["schemas"]
        .as_object()
        .expect("schemas");
    let mut silent = Vec::new();
    for (name, schema) in schemas {
        if schema["description"].is_null() {
            silent.push(name.clone());
        }
        for (field, of_field) in schema["properties"].as_object().into_iter().flatten() {
            let is_tag = of_field["enum"].is_array() || of_field["const"].is_string();
            // Of a field that may be null the words stand in the branch that is not.
            let branches = of_field["oneOf"].as_array().into_iter().flatten();
            let is_said = std::iter::once(of_field)
                .chain(branches)
                .any(|branch| branch["description"].is_string());
            if !is_said && !is_tag {
                silent.push(format!("{name}.{field}"));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
    let codes = description["info"]["description"].as_str().expect("text");
    for (code, _) in congvan_protocol::ProblemCode::EXPLAINED {
        assert!(codes.contains(code.as_str()), "{}", code.as_str());
    }
}
