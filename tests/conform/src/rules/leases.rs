use serde_json::{Value, json};

use super::{
    Outcome,
    books::{book, enter, number, paper, path},
    must,
};
use crate::{
    desk::Desk,
    suite::{Stop, Suite},
};

/// A lease of a free book, and the book before.
async fn taken(desk: &Desk, want: u32) -> Result<(Value, Value), Stop> {
    let book = book(desk).await?;
    let answer = desk.post(&path(&book, "lease"), &ask(desk, want)).await?;
    answer.is(200)?;
    Ok((book, answer.body))
}

fn ask(desk: &Desk, want: u32) -> Value {
    json!({ "device": desk.device, "incarnation": desk.incarnation, "want": want })
}

async fn returned(desk: &Desk, lease: &Value, used_hi: u64) -> Result<Value, Stop> {
    let body = json!({ "fence": lease["fence"], "used_hi": used_hi });
    let answer = desk.post(&path(lease, "return"), &body).await?;
    answer.is(200)?;
    Ok(answer.body)
}

/// Whatever a rule found, the book is free again after it.
async fn and_back(desk: &Desk, lease: &Value, used_hi: u64, found: Outcome) -> Outcome {
    let back = returned(desk, lease, used_hi).await;
    let seen = found?;
    back?;
    Ok(seen)
}

fn lo(lease: &Value) -> u64 {
    lease["lo"].as_u64().unwrap_or(0)
}

fn of_lease(lease: &Value, offset: u64) -> Value {
    json!({ "number": { "fence": lease["fence"], "number": lo(lease) + offset } })
}

async fn outcome(desk: &mut Desk, book: &Value, changes: &Value) -> Result<Value, Stop> {
    let op = paper(desk, book, changes).await?;
    Ok(desk.settle(&op).await?["outcome"].clone())
}

pub(super) async fn idempotent(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (book, lease) = taken(&desk, 10).await?;
    let found = same_and_held(suite, &desk, (&book, &lease)).await;
    and_back(&desk, &lease, lo(&lease).saturating_sub(1), found).await
}

async fn same_and_held(suite: &Suite, desk: &Desk, (book, lease): (&Value, &Value)) -> Outcome {
    must!(lease["lo"] == book["next"], "it begins at {}", lease["lo"]);
    let length = lease["hi"].as_u64().unwrap_or(0) + 1 - lo(lease);
    must!(length == 10, "{length} numbers for 10");
    let again = desk.post(&path(book, "lease"), &ask(desk, 10)).await?;
    again.is(200)?;
    must!(again.body == *lease, "{} then {}", lease, again.body);
    let other = suite.clerk();
    let held = other.post(&path(book, "lease"), &ask(&other, 10)).await?;
    held.refused(409, "LEASE_HELD")?;
    let mut clone = suite.clerk();
    clone.device = desk.device;
    let held = clone.post(&path(book, "lease"), &ask(&clone, 10)).await?;
    held.refused(409, "LEASE_HELD")?;
    let many = desk.post(&path(book, "lease"), &ask(desk, 51)).await?;
    many.refused(400, "INVALID_REQUEST")?;
    Ok(format!("{} to {}", lease["lo"], lease["hi"]))
}

pub(super) async fn exclusive(suite: &Suite) -> Outcome {
    let holder = suite.clerk();
    let (book, lease) = taken(&holder, 3).await?;
    let mut other = suite.clerk();
    let found = waits(&mut other, &book).await;
    and_back(&holder, &lease, lo(&lease).saturating_sub(1), found).await
}

async fn waits(desk: &mut Desk, book: &Value) -> Outcome {
    let found = outcome(desk, book, &json!({})).await?;
    must!(found["result"] == "deferred", "{found}");
    Ok("deferred".to_owned())
}

pub(super) async fn fence(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (book, lease) = taken(&desk, 4).await?;
    let found = fenced(suite, &mut desk, (&book, &lease)).await;
    and_back(&desk, &lease, lo(&lease), found).await
}

async fn fenced(suite: &Suite, desk: &mut Desk, (book, lease): (&Value, &Value)) -> Outcome {
    let document = enter(desk, book, &of_lease(lease, 0)).await?;
    must!(
        number(&document) == lo(lease),
        "number {}",
        number(&document)
    );
    let fence = lease["fence"].as_u64().unwrap_or(0);
    let mut wrong = of_lease(lease, 1);
    wrong["number"]["fence"] = json!(fence + 1);
    let cases = [
        (wrong, "LEASE_STALE"),
        (of_lease(lease, 0), "NUMBER_TAKEN"),
        (of_lease(lease, 40), "INVALID_REQUEST"),
    ];
    for (changes, wanted) in cases {
        let found = outcome(desk, book, &changes).await?;
        must!(found["code"] == wanted, "{found} instead of {wanted}");
    }
    let mut other = suite.clerk();
    let found = outcome(&mut other, book, &of_lease(lease, 1)).await?;
    must!(found["code"] == "LEASE_STALE", "{found} for another device");
    Ok(format!("fence {fence}"))
}

pub(super) async fn give_back(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (book, lease) = taken(&desk, 8).await?;
    // Two are given; the scan of the second comes after the return.
    let first = enter(&mut desk, &book, &of_lease(&lease, 0)).await;
    let late = paper(&mut desk, &book, &of_lease(&lease, 1)).await?;
    let used = lo(&lease) + 1;
    let back = returned(&desk, &lease, used).await?;
    first?;
    must!(back["lease"].is_null(), "the lease is still out");
    must!(
        back["next"] == json!(used + 1),
        "next is {} after {used}",
        back["next"]
    );
    let again = returned(&desk, &lease, used).await?;
    must!(
        again["next"] == back["next"],
        "the second return changed it"
    );
    let body = json!({ "fence": lease["fence"], "used_hi": used + 1 });
    let other_word = desk.post(&path(&lease, "return"), &body).await?;
    other_word.refused(409, "LEASE_STALE")?;
    let mut other = suite.clerk();
    let next = enter(&mut other, &book, &json!({})).await?;
    must!(number(&next) == used + 1, "{} after {used}", number(&next));
    let late = desk.settle(&late).await?;
    must!(
        late["outcome"]["result"] == "applied",
        "the late one: {}",
        late["outcome"]
    );
    let unused = outcome(&mut desk, &book, &of_lease(&lease, 3)).await?;
    must!(
        unused["code"] == "LEASE_STALE",
        "an unused number: {unused}"
    );
    Ok(format!("{} after {used}", used + 1))
}

pub(super) async fn broken(suite: &Suite) -> Outcome {
    let second = suite.second()?;
    let mut desk = suite.clerk();
    let (book, lease) = taken(&desk, 5).await?;
    let found = break_it(suite, (&mut desk, &second), (&book, &lease)).await;
    and_back(&desk, &lease, lo(&lease), found).await
}

async fn break_it(
    suite: &Suite,
    (desk, second): (&mut Desk, &Desk),
    (book, lease): (&Value, &Value),
) -> Outcome {
    let name = |user: &str| json!({ "reason": "Kiểm tra giao thức", "second": user });
    let first = suite.target.clerk.user.as_str();
    let other = suite
        .target
        .second
        .as_ref()
        .map_or("", |other| other.user.as_str());
    let hi = lease["hi"].as_u64().unwrap_or(0);
    let alone = desk.post(&path(book, "break"), &name(other)).await?;
    if alone.status == 400 || alone.status == 403 {
        let why = "the second account is no clerk or leader of the same agency";
        return Err(Stop::NotRun(why.to_owned()));
    }
    alone.is(200)?;
    must!(alone.body["done"] == json!(false), "one alone breaks it");
    let himself = desk.post(&path(book, "break"), &name(first)).await?;
    himself.refused(400, "INVALID_REQUEST")?;
    let both = second.post(&path(book, "break"), &name(first)).await?;
    both.is(200)?;
    must!(both.body["done"] == json!(true), "two do not break it");
    must!(
        both.body["book"]["next"] == json!(hi + 1),
        "next is {}",
        both.body["book"]["next"]
    );
    let mut office = suite.clerk();
    let next = enter(&mut office, book, &json!({})).await?;
    must!(
        number(&next) == hi + 1,
        "{} from the block up to {hi}",
        number(&next)
    );
    // The device is found after all: what it printed is taken, the rest is void.
    let printed = enter(desk, book, &of_lease(lease, 0)).await?;
    must!(number(&printed) == lo(lease), "number {}", number(&printed));
    let owes = desk.post(&path(book, "lease"), &ask(desk, 5)).await?;
    owes.refused(409, "LEASE_STALE")?;
    returned(desk, lease, lo(lease)).await?;
    let void = outcome(desk, book, &of_lease(lease, 2)).await?;
    must!(void["code"] == "NUMBER_TAKEN", "a void number: {void}");
    Ok(format!("{} after the block up to {hi}", hi + 1))
}
