//! Admission: so many requests at a time, the more urgent ones first, and whoever cannot be served
//! soon is told when to come back, each at a time of its own.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use congvan_protocol::Load;
use tokio::sync::oneshot;

/// How early a request is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Said to be urgent by the desk (`Priority: u=0` or `u=1`), and logins.
    Urgent,
    /// Acts, books.
    Acts,
    /// Changes.
    Feed,
    /// Inventories, and what the desk itself calls unimportant (`u=5` and above).
    Background,
}

impl Class {
    fn index(self) -> usize {
        match self {
            Self::Urgent => 0,
            Self::Acts => 1,
            Self::Feed => 2,
            Self::Background => 3,
        }
    }
}

const CLASSES: usize = 4;
/// Nobody is sent away for longer.
const FARTHEST: Duration = Duration::from_secs(300);
/// After so long the pressure that was felt counts half.
const HALF_LIFE_S: f64 = 5.0;

/// What the gate is told once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Requests at a time.
    pub(crate) running: usize,
    /// Requests of one class that may wait.
    pub(crate) waiting: usize,
    /// How long one waits at most.
    pub(crate) patience: Duration,
}

/// See the module.
pub(crate) struct Gate {
    limits: Limits,
    state: Mutex<State>,
}

struct State {
    running: usize,
    queues: [VecDeque<oneshot::Sender<()>>; CLASSES],
    /// The last slot given to a request that was sent away, by class.
    slots: [Option<Instant>; CLASSES],
    /// How long a request takes, smoothed, seconds.
    service_s: f64,
    /// The longest wait felt lately, seconds, fading.
    pressure_s: f64,
    felt_at: Option<Instant>,
}

/// The right to be served. Dropping it lets the next one in.
pub(crate) struct Pass {
    gate: Arc<Gate>,
    since: Instant,
}

/// A place in the queue that is given up when its request goes away.
struct Waiting {
    gate: Arc<Gate>,
    ready: Option<oneshot::Receiver<()>>,
}

impl Gate {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        let state = State {
            running: 0,
            queues: Default::default(),
            slots: [None; CLASSES],
            service_s: 0.02,
            pressure_s: 0.0,
            felt_at: None,
        };
        Arc::new(Self {
            limits,
            state: Mutex::new(state),
        })
    }

    /// Waits for a pass; or says after how many seconds to come back.
    pub(crate) async fn enter(self: &Arc<Self>, class: Class) -> Result<Pass, u32> {
        let asked = Instant::now();
        let ready = {
            let mut state = self.lock();
            if state.running < self.limits.running {
                state.running += 1;
                state.feel(Duration::ZERO, asked);
                None
            } else {
                let queue = state.queues.get_mut(class.index());
                match queue.filter(|queue| queue.len() < self.limits.waiting) {
                    Some(queue) => {
                        let (sender, receiver) = oneshot::channel();
                        queue.push_back(sender);
                        Some(receiver)
                    }
                    None => return Err(state.slot(class, self.limits, asked)),
                }
            }
        };
        let Some(ready) = ready else {
            return Ok(self.pass());
        };
        let mut waiting = Waiting {
            gate: Arc::clone(self),
            ready: Some(ready),
        };
        let patience = tokio::time::sleep(self.limits.patience);
        let is_in = tokio::select! {
            is_in = waiting.turn() => is_in,
            () = patience => false,
        };
        let now = Instant::now();
        if is_in {
            self.lock().feel(now - asked, now);
            return Ok(self.pass());
        }
        drop(waiting);
        Err(self.lock().slot(class, self.limits, now))
    }

    /// How busy the server is, by how long requests had to wait lately.
    pub(crate) fn load(&self) -> Load {
        let pressure = self.lock().pressure(Instant::now());
        match pressure {
            p if p >= 1.5 => Load::Critical,
            p if p >= 0.4 => Load::Strained,
            p if p >= 0.05 => Load::Busy,
            _ => Load::Calm,
        }
    }

    fn pass(self: &Arc<Self>) -> Pass {
        Pass {
            gate: Arc::clone(self),
            since: Instant::now(),
        }
    }

    /// Gives the place to the next one of the most urgent class, or back.
    fn release(&self) {
        let mut state = self.lock();
        for queue in &mut state.queues {
            while let Some(next) = queue.pop_front() {
                if next.send(()).is_ok() {
                    return;
                }
            }
        }
        state.running = state.running.saturating_sub(1);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next free slot behind those of the same and of more urgent classes, in whole seconds from
    /// now: no two are sent to the same moment as long as the pace holds.
    fn slot(&mut self, class: Class, limits: Limits, now: Instant) -> u32 {
        self.feel(limits.patience, now);
        let apart = self.service_s / limits.running.max(1) as f64;
        let soonest = now + Duration::from_secs(1);
        let earlier = self.slots.iter().take(class.index() + 1).flatten().max();
        let slot = earlier.map_or(soonest, |last| {
            soonest.max(*last + Duration::from_secs_f64(apart))
        });
        let slot = slot.min(now + FARTHEST);
        if let Some(last) = self.slots.get_mut(class.index()) {
            *last = Some(slot);
        }
        let wait = (slot - now).as_secs_f64().ceil();
        // Within 1..=300.
        wait as u32
    }

    fn pressure(&self, now: Instant) -> f64 {
        let Some(felt_at) = self.felt_at else {
            return 0.0;
        };
        let age = now.saturating_duration_since(felt_at).as_secs_f64();
        self.pressure_s * (-age / HALF_LIFE_S).exp2()
    }

    fn feel(&mut self, waited: Duration, now: Instant) {
        self.pressure_s = self.pressure(now).max(waited.as_secs_f64());
        self.felt_at = Some(now);
    }
}

impl Waiting {
    async fn turn(&mut self) -> bool {
        match self.ready.as_mut() {
            Some(ready) => {
                let is_in = ready.await.is_ok();
                self.ready = None;
                is_in
            }
            None => false,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(mut ready) = self.ready.take() {
            ready.close();
            // The place was given in the moment in which the request went away.
            if ready.try_recv().is_ok() {
                self.gate.release();
            }
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let took = self.since.elapsed().as_secs_f64();
        {
            let mut state = self.gate.lock();
            state.service_s = state.service_s * 0.95 + took * 0.05;
        }
        self.gate.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(running: usize, waiting: usize) -> Arc<Gate> {
        Gate::new(Limits {
            running,
            waiting,
            patience: Duration::from_secs(600),
        })
    }

    #[tokio::test]
    async fn the_most_urgent_of_those_who_wait_goes_first() {
        let gate = gate(1, 10);
        let held = gate.enter(Class::Feed).await.expect("free");
        let order = Arc::new(Mutex::new(Vec::new()));
        let classes = [Class::Background, Class::Feed, Class::Urgent, Class::Acts];
        let mut waiting = Vec::new();
        for class in classes {
            let (gate, order) = (Arc::clone(&gate), Arc::clone(&order));
            let mut one = Box::pin(async move {
                let _pass = gate.enter(class).await.expect("served");
                order.lock().expect("lock").push(class);
            });
            // Into the queue, in this order.
            assert!(futures_util::poll!(one.as_mut()).is_pending());
            waiting.push(one);
        }
        drop(held);
        futures_util::future::join_all(waiting).await;
        let expected = [Class::Urgent, Class::Acts, Class::Feed, Class::Background];
        assert_eq!(*order.lock().expect("lock"), expected);
    }

    #[tokio::test]
    async fn whoever_is_sent_away_gets_a_slot_of_its_own_and_urgent_ones_the_earlier() {
        let gate = gate(1, 0);
        let _held = gate.enter(Class::Feed).await.expect("free");
        gate.lock().service_s = 2.0;
        let mut slots = Vec::new();
        for _ in 0..4 {
            slots.push(gate.enter(Class::Feed).await.err().expect("full"));
        }
        assert!(
            slots.is_sorted() && slots.windows(2).all(|two| two[0] < two[1]),
            "{slots:?}"
        );
        let urgent = gate.enter(Class::Urgent).await.err().expect("full");
        assert!(urgent <= slots[0], "{urgent} {slots:?}");
        assert_eq!(gate.load(), Load::Critical);
    }

    #[tokio::test]
    async fn a_place_is_free_again_when_its_request_ends_or_goes_away() {
        let gate = gate(1, 10);
        let held = gate.enter(Class::Feed).await.expect("free");
        let mut gone = Box::pin(gate.enter(Class::Urgent));
        assert!(futures_util::poll!(gone.as_mut()).is_pending());
        drop(held);
        // Chosen, and gone before it noticed.
        drop(gone);
        assert!(gate.enter(Class::Feed).await.is_ok());
        assert_eq!(gate.lock().running, 0);
        assert_eq!(gate.load(), Load::Calm);
    }
}
