//! What a request meets at the server, and what its answer does to the desk.

use congvan_protocol::Lease;
use congvan_sync::{Answer, Compared, Effect, Event, Failure, Healthy, Round, Ticket};
use rand::Rng as _;

use super::{
    desk::{Held, blob_of},
    mistake::Mistake,
    server::{Change, Cursor, POISON},
    world::{Asked, Later, Reply, World},
};

impl World {
    pub(super) fn arrive(&mut self, seat: usize, ticket: Option<Ticket>, asked: Asked, life: u32) {
        if !self.seats[seat].line_up && self.chance(50) {
            return self.say(|| format!("{seat} lost on the way {ticket:?}"));
        }
        let reply = self.serve(seat, &asked);
        if self.chance(10) {
            // Done at the server, and the desk never hears of it.
            self.say(|| format!("{seat} answer lost {ticket:?}"));
            if self.chance(30) {
                return;
            }
            let failed = Reply::Failed(Failure::Unreachable);
            return self.later(20_000, Later::Answer(seat, ticket, failed, life));
        }
        let mut wait = self.latency();
        if matches!(reply, Reply::Bodies(..)) && self.chance(50) {
            // Many requests stand behind it.
            wait += self.rng.random_range(1_000..60_000);
        }
        if matches!(reply, Reply::Page(..)) {
            self.seats[seat].last_page = Some(reply.clone());
        }
        if self.chance(5) {
            let again = wait + self.latency();
            self.later(again, Later::Answer(seat, ticket, reply.clone(), life));
        }
        self.later(wait, Later::Answer(seat, ticket, reply, life));
    }

    pub(super) fn serve(&mut self, seat: usize, asked: &Asked) -> Reply {
        if self.chance(4) {
            let floor = self.rng.random_range(1..20);
            return Reply::Failed(Failure::Busy {
                retry_after_s: Some(floor),
            });
        }
        if let Asked::Effect(Effect::Probe { .. }) = asked {
            if self.chance(5) {
                return Reply::Answer(Answer::Probe(Err(Failure::WrongNetwork)));
            }
            return Reply::Answer(Answer::Probe(Ok(Healthy {
                load: self.load,
                reconnect_window_s: 20,
            })));
        }
        if !self.seats[seat].session {
            return Reply::Failed(Failure::LoginNeeded);
        }
        match asked {
            Asked::Sync(request) => {
                let before = self.server.head(0) + self.server.head(1);
                let answer = self.server.sync(request, self.now.wall);
                if self.server.head(0) + self.server.head(1) != before {
                    self.hint();
                }
                match answer {
                    Ok(page) => Reply::Page(request.clone(), Box::new(page)),
                    Err(failure) => Reply::Failed(failure),
                }
            }
            Asked::Inventory(mirror, history, cursor) => {
                // The summary names its history; the driver compares it with the cursor's.
                if cursor.is_none_or(|cursor| cursor.epoch != self.server.epoch) {
                    return Reply::Failed(Failure::StaleCursor);
                }
                let account = self.seats[seat].desk.account;
                let (changes, _) = self.server.compare(account, mirror);
                // What the feed would have told anyway is no divergence.
                let known =
                    |it: &&Change| it.2.is_some() && !self.server.is_news(account, it.0, *cursor);
                let healed = changes.iter().filter(known).count();
                let healed = u32::try_from(healed).unwrap_or(0);
                Reply::Bodies(changes, healed, (*history, *cursor))
            }
            Asked::Lease => self.serve_lease(seat),
            Asked::Return { fence, used_hi } => {
                match self.server.give_back(*fence, *used_hi, self.now.wall) {
                    true => Reply::Returned(*fence),
                    false => Reply::Failed(Failure::Refused),
                }
            }
            Asked::Effect(effect) => self.serve_file(seat, effect),
        }
    }

    pub(super) fn serve_file(&mut self, seat: usize, effect: &Effect) -> Reply {
        match effect {
            Effect::Upload { sha256, .. } => {
                let blob = blob_of(*sha256);
                if blob >= POISON {
                    return Reply::Uploaded(blob, Err(Failure::TooLarge));
                }
                self.server.blobs.insert(blob);
                Reply::Uploaded(blob, Ok(()))
            }
            Effect::Download { sha256, .. } => {
                let blob = blob_of(*sha256);
                if self.chance(4) {
                    // A portal answers in the server's place; its page is not what was asked for.
                    let kept = self.broken.world == Some(Mistake::KeepsThePortal);
                    let portal = if kept {
                        Ok(false)
                    } else {
                        Err(Failure::WrongNetwork)
                    };
                    return Reply::Downloaded(blob, portal);
                }
                let there = self.server.blobs.contains(&blob);
                Reply::Downloaded(
                    blob,
                    if there {
                        Ok(true)
                    } else {
                        Err(Failure::Refused)
                    },
                )
            }
            other => unreachable!("{other:?} of {seat} is no request"),
        }
    }

    pub(super) fn serve_lease(&mut self, seat: usize) -> Reply {
        let desk = &self.seats[seat].desk;
        let holder = super::server::holder(desk.device, desk.incarnation);
        let until = self.now.wall.plus_ms(12 * 3_600_000);
        match self.server.lease(holder, until) {
            Ok(grant) => Reply::Leased(Lease {
                book: "den".to_owned(),
                year: 2026,
                fence: grant.fence,
                lo: grant.lo,
                hi: grant.hi,
                expires_at: grant.expires_at,
            }),
            Err(_) => Reply::Failed(Failure::Refused),
        }
    }

    pub(super) fn receive(&mut self, seat: usize, ticket: Option<Ticket>, reply: Reply) {
        let known = ticket.and_then(|ticket| self.seats[seat].kinds.remove(&ticket));
        let now = self.wall(seat);
        let desk = &mut self.seats[seat].desk;
        let answer = match reply {
            Reply::Answer(answer) => answer,
            // A round that was given up is still taken in by its task: the store decides.
            Reply::Page(request, page) => {
                let load = self.load;
                let more = page.more;
                let applied = desk.apply(&request, *page, now);
                self.ledger
                    .removals(&mut self.seats[seat].desk, &self.server);
                self.facts(seat);
                Answer::Sync(applied.map(|()| Round {
                    more,
                    next_poll_s: 30,
                    load,
                }))
            }
            // The task of a transfer that was given up is gone.
            Reply::Uploaded(..) | Reply::Downloaded(..) if known.is_none() => return,
            Reply::Uploaded(blob, result) => {
                if result.is_ok() {
                    desk.uploaded.insert(blob);
                }
                Answer::Upload(result)
            }
            Reply::Downloaded(blob, result) => {
                let result = if desk.disk_full {
                    Err(Failure::Local)
                } else {
                    result
                };
                if let Ok(good) = result {
                    desk.blobs.insert(blob, good);
                }
                Answer::Download(result.map(drop))
            }
            Reply::Bodies(..) if known.is_none() => return,
            Reply::Bodies(changes, healed, (history, cursor)) => {
                // A round that came between may have removed what these bodies would bring back.
                let seq = |cursor: Option<Cursor>| cursor.map(|it| (it.epoch, it.seq));
                let moved = history != desk.history || seq(cursor) != seq(desk.cursor);
                if moved && self.broken.world != Some(Mistake::TakesLateBodies) {
                    Answer::Inventory(Err(Failure::Busy {
                        retry_after_s: None,
                    }))
                } else {
                    self.healed(seat, changes, healed)
                }
            }
            Reply::Leased(lease) => return self.leased(seat, lease),
            Reply::Returned(fence) => {
                if desk
                    .lease
                    .as_ref()
                    .is_some_and(|it| it.lease.fence == fence)
                {
                    desk.lease = None;
                    desk.over = fence;
                }
                return;
            }
            Reply::NewHistory => {
                let begun = desk.new_history(now);
                self.facts(seat);
                Answer::NewHistory(begun)
            }
            Reply::NewIncarnation => {
                self.incarnations += 1;
                let begun = desk.new_incarnation(self.incarnations);
                self.facts(seat);
                Answer::NewIncarnation(begun)
            }
            Reply::Failed(failure) => match known {
                Some("probe") => Answer::Probe(Err(failure)),
                Some("sync") => Answer::Sync(Err(failure)),
                Some("upload") => Answer::Upload(Err(failure)),
                Some("download") => Answer::Download(Err(failure)),
                Some("compare") => Answer::Inventory(Err(failure)),
                _ => return,
            },
        };
        if let Some(ticket) = ticket {
            if matches!(answer, Answer::Listen(_)) {
                self.seats[seat].stream = None;
            }
            self.feed(seat, Event::Answered { ticket, answer });
        }
    }

    pub(super) fn healed(&mut self, seat: usize, changes: Vec<Change>, healed: u32) -> Answer {
        let now = self.wall(seat);
        let ended = self.seats[seat].desk.heal(changes, now);
        if ended.is_ok() && healed > 0 {
            self.diverged += healed;
            self.say(|| format!("{seat} {healed} entities had diverged"));
        }
        self.ledger
            .removals(&mut self.seats[seat].desk, &self.server);
        self.facts(seat);
        Answer::Inventory(ended.map(|()| Compared { healed }))
    }

    pub(super) fn leased(&mut self, seat: usize, lease: Lease) {
        let desk = &mut self.seats[seat].desk;
        let no_mark = self.broken.world == Some(Mistake::NoStopMark);
        if lease.fence <= desk.over || desk.disk_full {
            return;
        }
        match &mut desk.lease {
            Some(held) if held.lease.fence == lease.fence => {
                held.lease.hi = held.lease.hi.max(lease.hi);
                held.lease.expires_at = held.lease.expires_at.max(lease.expires_at);
                held.stopped &= !no_mark;
            }
            Some(_) => {}
            None => {
                desk.lease = Some(Held {
                    lease,
                    used_hi: 0,
                    stopped: false,
                });
            }
        }
    }
}
