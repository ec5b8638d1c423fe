//! Directories of agencies of provinces that do not exist, built as the real ones are: two levels
//! since 2025-07-01, what was before ended with its successors, and many of a like name.

#![allow(
    clippy::indexing_slicing,
    reason = "places in tables of our own, taken modulo their length"
)]

mod names;

use std::collections::HashSet;

use congvan_model::AgencyId;
use congvan_protocol::Agency;
use jiff::civil::{Date, date};

use crate::SplitMix;
use names::{DEPARTMENTS, FIRST, MERGED, MINISTRIES, OF_DEPARTMENTS, SCHOOLS, SECOND, SECTIONS};

/// The day on which the districts ended and the communes began anew.
pub const TWO_LEVELS: Date = date(2025, 7, 1);
/// Their last day.
const LAST_OF_THREE: Date = date(2025, 6, 30);
/// The day on which departments of provinces were merged.
const MERGER: Date = date(2025, 3, 1);
/// Agencies of a province of today.
const LIVING: usize = 771;

/// The directory of the demo's province: 771 agencies that work, and the ministries, departments,
/// districts and communes that it was before.
#[must_use]
pub fn province_directory() -> Vec<Agency> {
    let mut book = Book::default();
    book.ministries();
    let place = Place {
        root: "H99",
        name: "tỉnh H99",
        communes: &["xã Bình Minh Đông", "phường An Phú Tây", "đặc khu Hòn Ngọc"],
    };
    let before = book.all.len();
    book.province(&place, (102, 15, 144), 99);
    let living = |book: &Book| {
        let of_province = book.all.iter().skip(before);
        of_province.filter(|one| one.valid_to.is_none()).count()
    };
    let schools = LIVING.saturating_sub(living(&book));
    book.schools(&place, schools);
    book.all
}

/// The directory of a country in which [`letters`](province_directory) of many provinces arrive: so
/// many provinces, each with its departments and a hundred communes, named like one another.
#[must_use]
pub fn country_directory(provinces: usize) -> Vec<Agency> {
    let mut book = Book::default();
    book.ministries();
    for number in 0..provinces {
        let root = format!("H{:02}", number % 98 + 1);
        let other = format!(
            "tỉnh {} {}",
            FIRST[number % FIRST.len()],
            SECOND[(number * 7 + 3) % SECOND.len()]
        );
        let (name, communes): (&str, &[&str]) = match number {
            0 => ("tỉnh Hưng Thịnh", &["xã Bình Minh Đông"]),
            1 => (
                "thành phố Minh Châu",
                &["phường An Phú Tây", "đặc khu Hòn Ngọc"],
            ),
            _ => (&other, &[]),
        };
        let place = Place {
            root: &root,
            name,
            communes,
        };
        book.province(&place, (100, 4, 30), number as u64 + 1);
        book.schools(&place, 20);
    }
    book.all
}

/// A province to be written down.
struct Place<'a> {
    root: &'a str,
    name: &'a str,
    /// Its first communes.
    communes: &'a [&'a str],
}

#[derive(Default)]
struct Book {
    all: Vec<Agency>,
}

/// What distinguishes an agency from the one above it.
struct Entry<'a> {
    code: String,
    name: String,
    symbol: &'a str,
    parent: Option<AgencyId>,
}

impl Book {
    fn add(&mut self, entry: Entry<'_>) -> AgencyId {
        let id = AgencyId(self.all.len() as i64 + 1);
        let short = entry
            .name
            .replace("Ủy ban nhân dân", "UBND")
            .replace("Hội đồng nhân dân", "HĐND");
        let levels: Vec<&str> = entry.code.split('.').collect();
        // QCVN 102:2016: from the lowest level up, each of two or three digits, the root last.
        let old = match levels.as_slice() {
            [root, one] => format!("000.00.{one}.{root}"),
            [root, one, two] => format!("000.{two}.{one}.{root}"),
            _ => String::new(),
        };
        self.all.push(Agency {
            id,
            former_codes: (!old.is_empty() && levels.iter().all(|level| level.len() < 4))
                .then_some(old)
                .into_iter()
                .collect(),
            code: entry.code,
            aliases: (short != entry.name).then_some(short).into_iter().collect(),
            name: entry.name,
            symbol: (!entry.symbol.is_empty()).then(|| entry.symbol.to_owned()),
            parent: entry.parent,
            successors: Vec::new(),
            valid_from: None,
            valid_to: None,
        });
        id
    }

    fn lasts(&mut self, id: AgencyId, from: Option<Date>, to: Option<Date>) {
        if let Some(agency) = self.all.get_mut(id.0 as usize - 1) {
            (agency.valid_from, agency.valid_to) = (from, to);
            if from == Some(TWO_LEVELS) {
                // Nothing that began then has a code of the old form.
                agency.former_codes.clear();
            }
        }
    }

    fn becomes(&mut self, id: AgencyId, successors: Vec<AgencyId>, last: Date) {
        if let Some(agency) = self.all.get_mut(id.0 as usize - 1) {
            agency.successors = successors;
            agency.valid_to = Some(last);
        }
    }

    fn called(&mut self, id: AgencyId, alias: String) {
        if let Some(agency) = self.all.get_mut(id.0 as usize - 1) {
            agency.aliases.push(alias);
        }
    }

    fn ministries(&mut self) {
        for (code, name, symbol, units) in MINISTRIES {
            let ministry = self.add(Entry {
                code: (*code).to_owned(),
                name: (*name).to_owned(),
                symbol,
                parent: None,
            });
            for (number, (unit, symbol)) in units.iter().enumerate() {
                self.add(Entry {
                    code: format!("{code}.{:02}", number + 2),
                    name: (*unit).to_owned(),
                    symbol,
                    parent: Some(ministry),
                });
            }
        }
        // State treasuries of regions differ by a Roman number alone.
        let finance = self
            .all
            .iter()
            .find(|one| one.code == "G12")
            .map(|one| one.id);
        for (number, roman) in names::ROMAN.iter().enumerate() {
            let treasury = self.add(Entry {
                code: format!("G12.{:02}", number + 30),
                name: format!("Kho bạc Nhà nước khu vực {roman}"),
                symbol: "",
                parent: finance,
            });
            self.called(treasury, format!("KBNN khu vực {roman}"));
            if *roman == "X"
                && let Some(agency) = self.all.last_mut()
            {
                agency.former_codes = vec!["000.00.15.G12".to_owned()];
            }
        }
    }

    fn province(&mut self, place: &Place<'_>, sizes: (usize, usize, usize), seed: u64) {
        let (communes, districts, old_communes) = sizes;
        let mut random = SplitMix::new(seed);
        let committee = self.add(Entry {
            code: place.root.to_owned(),
            name: format!("Ủy ban nhân dân {}", place.name),
            symbol: "UBND",
            parent: None,
        });
        self.departments(place, committee);
        let now: Vec<AgencyId> = self.communes(place, committee, communes, &mut random);
        self.before(
            (place, committee),
            &now,
            (districts, old_communes),
            &mut random,
        );
    }

    /// What is directly below a province.
    fn departments(&mut self, place: &Place<'_>, committee: AgencyId) {
        let short = place.name.split_once(' ').map_or("", |(_, name)| name);
        let short = short.strip_prefix("phố ").unwrap_or(short);
        for (level, name, symbol) in DEPARTMENTS {
            let own = name.replace("{tỉnh}", place.name);
            let is_of_state = own.starts_with("Công an")
                || own.starts_with("Bảo hiểm")
                || own.starts_with("Bộ Chỉ huy")
                || own.starts_with("Thuế");
            let department = self.add(Entry {
                code: format!("{}.{level}", place.root),
                name: own,
                symbol,
                parent: (!is_of_state && *symbol != "HĐND").then_some(committee),
            });
            if name.starts_with("Sở") {
                self.called(department, format!("{name} {short}"));
            }
            let units = OF_DEPARTMENTS.iter().filter(|(of, ..)| of == symbol);
            for (number, (_, unit, symbol)) in units.enumerate() {
                self.add(Entry {
                    code: format!("{}.{level}.{:02}", place.root, number + 1),
                    name: (*unit).to_owned(),
                    symbol,
                    parent: Some(department),
                });
            }
        }
        for (number, (name, symbol, into)) in MERGED.iter().enumerate() {
            let old = self.add(Entry {
                code: format!("{}.{:02}", place.root, number + 70),
                name: (*name).to_owned(),
                symbol,
                parent: Some(committee),
            });
            let new =
                self.all.iter().rev().find(|one| {
                    one.symbol.as_deref() == Some(into) && one.parent == Some(committee)
                });
            let new: Vec<AgencyId> = new.map(|one| one.id).into_iter().collect();
            self.becomes(old, new, date(2025, 2, 28));
        }
        for symbol in ["SNV", "SNNMT", "SKHCN", "SXD", "STC"] {
            let merged =
                self.all.iter().rev().find(|one| {
                    one.symbol.as_deref() == Some(symbol) && one.parent == Some(committee)
                });
            if let Some(id) = merged.map(|one| one.id)
                && symbol == "SNNMT"
            {
                self.lasts(id, Some(MERGER), None);
            }
        }
    }

    /// The communes of today with what is in each.
    fn communes(
        &mut self,
        place: &Place<'_>,
        committee: AgencyId,
        count: usize,
        random: &mut SplitMix,
    ) -> Vec<AgencyId> {
        let mut used: HashSet<String> = HashSet::new();
        let mut made = Vec::new();
        for number in 0..count {
            let name = match place.communes.get(number) {
                Some(name) => (*name).to_owned(),
                None => fresh(
                    &mut used,
                    if number % 7 == 3 { "phường" } else { "xã" },
                    random,
                ),
            };
            let own = name.split_once(' ').map_or("", |(_, own)| own);
            used.insert(own.strip_prefix("khu ").unwrap_or(own).to_owned());
            let code = format!("{}.{}", place.root, 101 + number);
            let commune = self.add(Entry {
                code: code.clone(),
                name: format!("Ủy ban nhân dân {name}"),
                symbol: "UBND",
                parent: Some(committee),
            });
            self.lasts(commune, Some(TWO_LEVELS), None);
            let council = self.add(Entry {
                code: format!("{code}.00"),
                name: format!("Hội đồng nhân dân {name}"),
                symbol: "HĐND",
                parent: None,
            });
            self.lasts(council, Some(TWO_LEVELS), None);
            for (level, section, symbol) in SECTIONS {
                let id = self.add(Entry {
                    code: format!("{code}.{level}"),
                    name: (*section).to_owned(),
                    symbol,
                    parent: Some(commune),
                });
                self.called(id, format!("{section} {name}"));
                self.lasts(id, Some(TWO_LEVELS), None);
            }
            made.push(commune);
        }
        made
    }

    /// Districts and the communes in them until 2025-06-30.
    fn before(
        &mut self,
        (place, committee): (&Place<'_>, AgencyId),
        now: &[AgencyId],
        (districts, communes): (usize, usize),
        random: &mut SplitMix,
    ) {
        let mut used = HashSet::new();
        let share = now.len().div_ceil(districts.max(1)).max(1);
        let mut old = 0;
        for (number, into) in now.chunks(share).take(districts).enumerate() {
            let name = fresh(&mut used, "huyện", random);
            let code = format!("{}.{}", place.root, 30 + number);
            let district = self.add(Entry {
                code: code.clone(),
                name: format!("Ủy ban nhân dân {name}"),
                symbol: "UBND",
                parent: Some(committee),
            });
            self.becomes(district, into.to_vec(), LAST_OF_THREE);
            for (level, section, symbol) in names::OF_DISTRICTS {
                let id = self.add(Entry {
                    code: format!("{code}.{level}"),
                    name: (*section).to_owned(),
                    symbol,
                    parent: Some(district),
                });
                self.called(id, format!("{section} {name}"));
                self.becomes(id, Vec::new(), LAST_OF_THREE);
            }
            let here =
                communes / districts.max(1) + usize::from(number < communes % districts.max(1));
            for place in 0..here {
                old += 1;
                let name = fresh(
                    &mut used,
                    if place == 0 { "thị trấn" } else { "xã" },
                    random,
                );
                let commune = self.add(Entry {
                    code: format!("{code}.{}", 21 + place),
                    name: format!("Ủy ban nhân dân {name}"),
                    symbol: "UBND",
                    parent: Some(district),
                });
                let successor = into[old % into.len()];
                self.becomes(commune, vec![successor], LAST_OF_THREE);
            }
        }
    }

    fn schools(&mut self, place: &Place<'_>, count: usize) {
        let education = self
            .all
            .iter()
            .rev()
            .find(|one| one.symbol.as_deref() == Some("SGDĐT"))
            .map(|one| one.id);
        for number in 0..count {
            let kinds = [
                "Trung học phổ thông",
                "Trung học cơ sở",
                "Tiểu học",
                "Mầm non",
            ];
            let kind = kinds[(number + number / SCHOOLS.len()) % kinds.len()];
            self.add(Entry {
                code: format!("{}.16.{:03}", place.root, number + 101),
                name: format!("Trường {kind} {}", SCHOOLS[number % SCHOOLS.len()]),
                symbol: "",
                parent: education,
            });
        }
    }
}

/// A name that no other has here.
fn fresh(used: &mut HashSet<String>, kind: &str, random: &mut SplitMix) -> String {
    loop {
        let mut name = format!("{} {}", random.pick(FIRST), random.pick(SECOND));
        if random.below(3) == 0 {
            name = format!(
                "{name} {}",
                random.pick(&["Đông", "Tây", "Nam", "Bắc", "Thượng", "Hạ"])
            );
        }
        if used.insert(name.clone()) {
            return format!("{kind} {name}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_province_has_771_agencies_and_every_one_that_ended_is_known_with_its_day() {
        let all = province_directory();
        let here = |one: &&Agency| one.code.starts_with("H99");
        let living = all.iter().filter(here).filter(|one| one.valid_to.is_none());
        assert_eq!(living.count(), LIVING);
        let codes: HashSet<&str> = all.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes.len(), all.len(), "a code is of one agency");
        for one in &all {
            assert!(
                one.code.parse::<congvan_model::AgencyCode>().is_ok(),
                "{}",
                one.code
            );
            for code in &one.former_codes {
                assert!(code.parse::<congvan_model::AgencyCode>().is_ok(), "{code}");
            }
            for other in one.parent.iter().chain(&one.successors) {
                assert!(all.iter().any(|agency| agency.id == *other));
            }
        }
        let ended = all.iter().filter(|one| one.valid_to.is_some()).count();
        println!("{} agencies, {ended} of them ended", all.len());
        assert!(ended > 200);
    }

    #[test]
    fn in_a_country_many_agencies_have_one_name() {
        let all = country_directory(34);
        let mut names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        let many = names.len();
        names.sort_unstable();
        names.dedup();
        println!("{many} agencies, {} names", names.len());
        assert!(many > 20_000 && names.len() < many / 2);
    }
}
