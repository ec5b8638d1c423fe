use uuid::Uuid;

use super::*;

fn holder(number: u128) -> Holder {
    Holder {
        device: DeviceId(Uuid::from_u128(number)),
        incarnation: "i".to_owned(),
    }
}

fn ask(number: u128, want: u32) -> Ask {
    Ask {
        holder: holder(number),
        want,
        until: Timestamp(1000),
        recorded_hi: 0,
    }
}

#[test]
fn the_server_gives_no_number_while_a_lease_is_out_and_leaves_no_gap_after_it() {
    let mut series = Series::default();
    assert_eq!(series.issue(), Ok(1));
    let grant = series.lease(&ask(1, 5)).expect("lease");
    assert_eq!((grant.lo, grant.hi, grant.fence), (2, 6, 1));
    assert_eq!(series.issue(), Err(Refusal::LeaseHeld));
    assert_eq!(series.lease(&ask(2, 5)), Err(Refusal::LeaseHeld));
    let closing = series.give_back(1, 3, 0).expect("return");
    assert_eq!((closing.promised, closing.void), (Some((2, 3)), None));
    assert_eq!(series.issue(), Ok(4));
}

#[test]
fn asking_again_is_the_same_lease_until_half_of_it_is_used() {
    let mut series = Series::default();
    let first = series.lease(&ask(1, 10)).expect("lease");
    assert_eq!(series.lease(&ask(1, 10)).as_ref(), Ok(&first));
    let mut later = ask(1, 10);
    later.recorded_hi = 5;
    later.until = Timestamp(2000);
    let same = series.lease(&later).expect("lease");
    assert_eq!((same.fence, same.hi, same.expires_at.0), (1, 10, 2000));
    later.recorded_hi = 6;
    assert_eq!(series.lease(&later).expect("lease").hi, 16);
}

#[test]
fn a_return_said_twice_is_one_and_another_word_is_refused() {
    let mut series = Series::default();
    series.lease(&ask(1, 5)).expect("lease");
    assert_eq!(series.give_back(1, 9, 0), Err(Refusal::Invalid));
    assert_eq!(series.give_back(1, 1, 2), Err(Refusal::Invalid));
    assert!(series.open.is_some());
    series.give_back(1, 2, 2).expect("return");
    assert_eq!(series.give_back(1, 2, 2), Ok(Closing::default()));
    assert_eq!(series.give_back(1, 3, 2), Err(Refusal::LeaseStale));
    assert_eq!(series.give_back(7, 3, 0), Err(Refusal::LeaseStale));
    let next = series.lease(&ask(2, 5)).expect("lease");
    assert_eq!((next.fence, next.lo), (2, 3));
    assert_eq!(series.give_back(1, 2, 2), Ok(Closing::default()));
    assert_eq!(series.issue(), Err(Refusal::LeaseHeld));
}

#[test]
fn a_broken_block_is_never_given_again_and_its_rest_is_void_when_the_device_is_back() {
    let mut series = Series::default();
    series.lease(&ask(1, 5)).expect("lease");
    let broken = series.break_lease().expect("broken");
    assert_eq!(series.issue(), Ok(6));
    assert_eq!(broken.admit(2, None), Ok(()));
    assert_eq!(broken.admit(6, None), Err(Refusal::Invalid));
    assert_eq!(series.lease(&ask(1, 5)), Err(Refusal::LeaseStale));
    let closing = series.give_back(1, 2, 1).expect("settled");
    assert_eq!(closing.promised, Some((1, 2)));
    assert_eq!(closing.void, Some((3, 5)));
    assert_eq!(series.issue(), Ok(7));
    let settled = series.grant(1).expect("there");
    assert_eq!(settled.admit(2, Some(NumberRecord::Promised)), Ok(()));
    let taken = Err(Refusal::NumberTaken);
    assert_eq!(settled.admit(4, Some(NumberRecord::Void)), taken);
    assert_eq!(settled.admit(1, Some(NumberRecord::Registered)), taken);
    assert_eq!(settled.admit(5, None), Err(Refusal::LeaseStale));
}

#[test]
fn only_the_holder_voids_and_only_what_no_document_has() {
    let mut series = Series::default();
    let grant = series.lease(&ask(1, 5)).expect("lease");
    assert_eq!(grant.may_void(3, &holder(1), None), Ok(()));
    let again = grant.may_void(3, &holder(1), Some(NumberRecord::Void));
    assert_eq!(again, Ok(()));
    let other = grant.may_void(3, &holder(2), None);
    assert_eq!(other, Err(Refusal::LeaseHeld));
    let used = grant.may_void(3, &holder(1), Some(NumberRecord::Registered));
    assert_eq!(used, Err(Refusal::NumberTaken));
}

/// 2026-12-19T12:00+07:00 and later instants.
fn at(day: i8, month: i8, year: i16, hour: i8) -> Timestamp {
    let day = civil_date(year, month, day).expect("a day");
    let instant = VN_OFFSET.to_timestamp(day.at(hour, 0, 0, 0));
    Timestamp(instant.expect("an instant").as_millisecond())
}

#[test]
fn a_lease_ends_with_the_day_and_next_years_book_opens_on_20_december() {
    let noon = at(22, 11, 2026, 12);
    let end = lease_until(noon, 2026).expect("this year");
    assert_eq!(end.iso_vietnam(), "2026-11-22T23:59:59+07:00");
    let closed = Err(Refusal::YearClosed);
    assert_eq!(lease_until(noon, 2027), closed);
    assert_eq!(lease_until(noon, 2025), closed);
    assert_eq!(lease_until(at(19, 12, 2026, 23), 2027), closed);
    let next = lease_until(at(20, 12, 2026, 0), 2027).expect("next year");
    assert_eq!(next.iso_vietnam(), "2027-01-01T23:59:59+07:00");
    assert_eq!(lease_until(at(1, 1, 2027, 0), 2026), closed);
}

#[test]
fn a_device_gives_numbers_in_its_block_its_day_and_its_year_and_none_once_it_has_stopped() {
    let lease = Lease {
        book: "den".to_owned(),
        year: 2027,
        fence: 1,
        lo: 4,
        hi: 6,
        expires_at: at(1, 1, 2027, 20),
    };
    let now = at(1, 1, 2027, 8);
    assert_eq!(next_leased(&lease, 0, false, now), Some(4));
    assert_eq!(next_leased(&lease, 4, false, now), Some(5));
    assert_eq!(next_leased(&lease, 6, false, now), None);
    assert_eq!(next_leased(&lease, 4, true, now), None);
    assert_eq!(next_leased(&lease, 4, false, at(31, 12, 2026, 8)), None);
    assert_eq!(next_leased(&lease, 4, false, at(1, 1, 2027, 21)), None);
}

#[test]
fn the_booked_time_stands_between_its_neighbours_and_a_large_difference_is_flagged() {
    let time = |minutes: i64| Timestamp(minutes * 60_000);
    let now = time(100);
    assert_eq!(booked_at(time(50), None, None, now), time(50));
    assert_eq!(booked_at(time(50), Some(time(60)), None, now), time(60));
    assert_eq!(
        booked_at(time(50), Some(time(10)), Some(time(40)), now),
        time(40)
    );
    assert_eq!(booked_at(time(500), Some(time(60)), None, now), now);
    assert!(is_skewed(time(50), time(56)));
    assert!(!is_skewed(time(50), time(45)));
}
