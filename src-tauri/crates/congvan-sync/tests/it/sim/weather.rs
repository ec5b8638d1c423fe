//! What people, machines and the weather do to a world.

use std::collections::BTreeSet;

use congvan_model::{DocumentId, OpId};
use congvan_protocol::Load;
use congvan_sync::{Event, Schedule, Window, Wishes};
use rand::Rng as _;
use uuid::Uuid;

use super::{
    desk::{Desk, uuid},
    mistake::Mistake,
    server::{Act, Doc, Intent, POISON},
    world::{Asked, Flavour, Later, World},
};

impl World {
    /// Something that people, machines or the weather do.
    pub(crate) fn disturb(&mut self) {
        let seat = self.rng.random_range(0..3);
        match self.rng.random_range(0..100) {
            0..26 => drop(self.act(seat)),
            26..42 => {
                let doc = self.rng.random_range(0..30);
                self.somebody_changes(doc);
            }
            42..48 => self.recall(),
            48..54 => {
                self.seats[seat].line_up = false;
                self.say(|| format!("{seat} line down"));
                let wait = self.rng.random_range(1_000..600_000);
                self.later(wait, Later::LineUp(seat));
            }
            54..58 => {
                self.say(|| format!("{seat} restart"));
                self.power_cut(seat);
                self.start(seat);
            }
            58..61 => self.sleep(seat),
            61..63 => {
                let shift = self.rng.random_range(-172_800_000..172_800_000);
                self.say(|| format!("{seat} clock {shift}"));
                self.seats[seat].shift = shift;
                self.feed(seat, Event::Tick);
            }
            63..66 => {
                self.seats[seat].session = false;
                self.say(|| format!("{seat} session ends at the server"));
            }
            66..69 => {
                self.seats[seat].desk.disk_full = true;
                self.say(|| format!("{seat} disk full"));
                let wait = self.rng.random_range(1_000..120_000);
                self.later(wait, Later::DiskFree(seat));
            }
            69..75 => self.person(seat),
            75..77 => {
                self.load =
                    [Load::Busy, Load::Strained, Load::Critical][self.rng.random_range(0..3)];
                let wait = self.rng.random_range(10_000..120_000);
                self.later(wait, Later::Load(Load::Calm));
            }
            77..80 => self.feed(seat, Event::NetworkChanged),
            _ => self.by_flavour(seat),
        }
    }

    pub(super) fn by_flavour(&mut self, seat: usize) {
        match self.flavour {
            Flavour::Books => self.book(seat),
            Flavour::Rollback => {
                if self.chance(70) {
                    self.backup = Some(self.server.clone());
                } else if let Some(backup) = self.backup.clone() {
                    self.epochs += 1;
                    self.say(|| "server restored".to_owned());
                    self.server = backup.restored(self.epochs, &self.server);
                    // Older backups are of a history that is given up.
                    self.backup = None;
                    for seat in 0..self.seats.len() {
                        self.seats[seat].stream = None;
                        let life = self.seats[seat].life;
                        if let Some(page) = self.seats[seat].last_page.take() {
                            let wait = self.rng.random_range(1_000..60_000);
                            self.later(wait, Later::Answer(seat, None, page, life));
                        }
                    }
                }
            }
            Flavour::Images => self.image(seat),
            Flavour::Holes => {
                let desk = &mut self.seats[seat].desk;
                if let Some(doc) = desk.mirror.keys().next().copied().filter(|_| self.chaos) {
                    desk.mirror.remove(&doc);
                    self.say(|| format!("{seat} a hole at {doc}"));
                }
            }
        }
    }

    pub(super) fn image(&mut self, seat: usize) {
        if seat == 2 {
            return self.book(seat);
        }
        match self.rng.random_range(0..10) {
            0..5 => self.seats[seat].image = Some(self.seats[seat].desk.clone()),
            5..8 => {
                if let Some(image) = self.seats[seat].image.clone() {
                    self.say(|| format!("{seat} set back to an image"));
                    self.replace(seat, image);
                }
            }
            _ => {
                self.say(|| format!("{seat} becomes a copy of the other"));
                let copy = self.seats[1 - seat].desk.clone();
                self.replace(seat, copy);
            }
        }
    }

    pub(super) fn replace(&mut self, seat: usize, mut desk: Desk) {
        desk.disk_full = false;
        desk.token = self.seats[seat].desk.token;
        self.seats[seat].desk = desk;
        let seats = &self.seats;
        self.ledger
            .destroyed(|op| seats.iter().any(|it| it.desk.knows(op)));
        self.start(seat);
    }

    // What had not reached the disk is gone; with the right order that is nothing that was shown.
    pub(super) fn power_cut(&mut self, seat: usize) {
        let desk = &mut self.seats[seat].desk;
        desk.cut = true;
        if self.broken.world == Some(Mistake::RowBeforeBytes)
            && let Some(mut last) = desk.blobs.last_entry()
        {
            *last.get_mut() = false;
        }
    }

    pub(super) fn sleep(&mut self, seat: usize) {
        let asleep = self.rng.random_range(60_000..3_600_000);
        self.say(|| format!("{seat} sleeps {asleep}"));
        self.seats[seat].dead = true;
        self.seats[seat].stream = None;
        self.seats[seat].shift += asleep;
        self.feed(seat, Event::Tick);
    }

    pub(super) fn person(&mut self, seat: usize) {
        match self.rng.random_range(0..6) {
            0 => self.feed(seat, Event::SyncNow),
            1 => self.feed(seat, Event::CompareNow),
            2 => {
                let wanted = self.seats[seat].desk.facts().wanted;
                if let Some(wanted) = wanted.first().copied() {
                    self.feed(seat, Event::FileOpened(wanted));
                }
            }
            3 => {
                let doc = self.rng.random_range(0..30);
                let wishes = Wishes {
                    paused: self.chance(30),
                    paused_documents: BTreeSet::from([DocumentId(uuid(doc))]),
                    background: Schedule {
                        open: vec![Window { from: 0, to: 600 }],
                    },
                };
                self.feed(seat, Event::Wishes(wishes));
            }
            _ => self.feed(seat, Event::Wishes(Wishes::default())),
        }
    }

    pub(super) fn recall(&mut self) {
        let many = self.rng.random_range(0..10) == 0;
        let docs = if many { 8 } else { 1 };
        for _ in 0..docs {
            let doc = self.rng.random_range(0..30);
            let accounts: &[u8] = [&[0][..], &[1], &[0, 1]][self.rng.random_range(0..3)];
            self.server.remove(doc, accounts, self.now.wall);
        }
        self.say(|| format!("{docs} recalled"));
        self.hint();
    }

    pub(super) fn somebody_changes(&mut self, doc: Doc) {
        self.next_blob += 1;
        let blob = self.rng.random_bool(0.5).then_some(self.next_blob);
        let accounts: &[u8] = [&[0][..], &[1], &[0, 1]][self.rng.random_range(0..3)];
        self.server.change(doc, blob, accounts, self.now.wall);
        self.hint();
    }

    pub(crate) fn act(&mut self, seat: usize) -> Option<OpId> {
        let docs: Vec<Doc> = self.seats[seat].desk.mirror.keys().copied().collect();
        if docs.is_empty() {
            return None;
        }
        let lane = docs[self.rng.random_range(0..docs.len())];
        let head = self.seats[seat].desk.mirror[&lane].1.head;
        let act = match self.rng.random_range(0..40) {
            0..8 => {
                self.next_blob += 1;
                Act::Link {
                    parent: head,
                    child: self.next_blob,
                }
            }
            8 if self.rng.random_bool(0.2) => {
                self.poisoned.insert((seat, lane));
                Act::Link {
                    parent: head,
                    child: POISON + self.next_blob,
                }
            }
            9 => Act::Poison,
            _ => Act::Opinion,
        };
        self.acts(seat, lane, act)
    }

    pub(crate) fn acts(&mut self, seat: usize, lane: Doc, act: Act) -> Option<OpId> {
        self.next_op += 1;
        let op = OpId(Uuid::from_u128(u128::from(self.next_op)));
        let desk = &mut self.seats[seat].desk;
        let intent = Intent {
            op,
            seq: desk.next_seq + 1,
            lane,
            act,
        };
        let text = format!("{seat} {intent:?}");
        if !desk.act(intent.clone()) {
            return None;
        }
        self.say(|| text);
        self.ledger.saved(intent);
        self.facts(seat);
        Some(op)
    }

    pub(super) fn book(&mut self, seat: usize) {
        match self.rng.random_range(0..10) {
            0..3 => self.ask(2, None, Asked::Lease),
            3..7 => self.paper(seat),
            7..9 => self.give_back(),
            _ if self.rng.random_bool(0.2) => {
                self.say(|| "the clerk's machine is lost".to_owned());
                self.incarnations += 1;
                let mut fresh = Desk::new(2, 1, self.broken.world);
                fresh.incarnation = self.incarnations;
                self.replace(2, fresh);
            }
            _ => self.break_lease(),
        }
    }

    /// Two officials give a lost machine up.
    pub(crate) fn break_lease(&mut self) {
        let never = self.broken.world == Some(Mistake::LockOfTheDead);
        if !never && self.server.series.break_lease().is_some() {
            self.say(|| "the lease is broken".to_owned());
        }
    }

    /// At the end of the day the clerk gives the lease back; one that nobody has is broken.
    pub(crate) fn close_books(&mut self) {
        if self.seats[2].desk.lease.is_some() {
            self.give_back();
        } else if self.server.series.open.is_some() {
            self.break_lease();
        }
    }

    pub(super) fn paper(&mut self, seat: usize) {
        if self.next_paper == Doc::MAX || self.seats[seat].desk.disk_full {
            return;
        }
        let now = self.wall(seat);
        let held = self.seats[seat].desk.lease.as_mut().filter(|_| seat == 2);
        let number = held.and_then(|held| {
            let number = congvan_protocol::numbers::next_leased(
                &held.lease,
                held.used_hi,
                held.stopped,
                now,
            )?;
            held.used_hi = number;
            Some(congvan_protocol::LeasedNumber {
                fence: held.lease.fence,
                number,
            })
        });
        self.next_paper += 1;
        let act = Act::Register {
            number,
            received_at: now,
        };
        self.acts(seat, self.next_paper, act);
    }

    /// The clerk gives the rest of the block back: first the mark, then the word.
    pub(crate) fn give_back(&mut self) {
        let no_mark = self.broken.world == Some(Mistake::NoStopMark);
        let desk = &mut self.seats[2].desk;
        if desk.disk_full {
            return;
        }
        if let Some(held) = &mut desk.lease {
            held.stopped = !no_mark;
            let asked = Asked::Return {
                fence: held.lease.fence,
                used_hi: held.used_hi.max(held.lease.lo - 1),
            };
            self.ask(2, None, asked);
        }
    }
}
