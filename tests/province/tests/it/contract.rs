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
