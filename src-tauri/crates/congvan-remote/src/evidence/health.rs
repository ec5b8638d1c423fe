//! Whether an endpoint is worth asking: a circuit breaker, with time and chance as arguments.

use std::time::Duration;

use congvan_model::Timestamp;

/// Failures in a row before an endpoint is left alone.
const STRIKES: u32 = 3;
/// First pause.
const FIRST: Duration = Duration::from_secs(30);
/// Longest pause of our own; the endpoint itself may ask for more.
const LONGEST: Duration = Duration::from_secs(3600);
/// Nobody may make us wait longer than this, whatever Retry-After says.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);
/// The pause after each opening: at most doubled so often.
const DOUBLINGS: u32 = 7;

/// The state of a circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circuit {
    /// Works, as far as is known.
    Closed,
    /// Left alone until then.
    Open {
        /// When one request may try it again.
        until: Timestamp,
    },
    /// One request is trying it out; the others wait for its outcome.
    HalfOpen,
}

/// Leave to ask an endpoint; names the state in which it was given, so that an outcome that comes
/// late is not taken for news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(super) struct Permit {
    generation: u64,
    probe: bool,
}

/// What a failure means for the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blow {
    /// It did not answer, or not well; may be chance.
    Weak,
    /// No use in asking again soon: it said so, or gave bytes that no retry makes better.
    Strong,
}

/// The health of one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Health {
    circuit: Circuit,
    failures: u32,
    openings: u32,
    generation: u64,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            circuit: Circuit::Closed,
            failures: 0,
            openings: 0,
            generation: 0,
        }
    }
}

impl Health {
    /// Where the breaker stands.
    #[must_use]
    pub(super) fn circuit(&self) -> Circuit {
        self.circuit
    }

    /// Asks for leave to send a request.
    ///
    /// # Errors
    /// When to ask again; none while another request is trying the endpoint out.
    pub(super) fn permit(&mut self, now: Timestamp) -> Result<Permit, Option<Timestamp>> {
        match self.circuit {
            Circuit::Closed => Ok(Permit {
                generation: self.generation,
                probe: false,
            }),
            Circuit::Open { until } if now < until => Err(Some(until)),
            Circuit::Open { .. } => {
                self.turn(Circuit::HalfOpen);
                Ok(Permit {
                    generation: self.generation,
                    probe: true,
                })
            }
            Circuit::HalfOpen => Err(None),
        }
    }

    /// The request got a good answer: whatever was believed before, the endpoint works.
    pub(super) fn succeeded(&mut self, _: Permit) {
        self.failures = 0;
        self.openings = 0;
        if self.circuit != Circuit::Closed {
            self.turn(Circuit::Closed);
        }
    }

    /// The request failed. `floor` is the pause that the endpoint asked for (Retry-After), `chance`
    /// a number from 0 to 1 that spreads the desks of a province.
    pub(super) fn failed(
        &mut self,
        permit: Permit,
        blow: Blow,
        floor: Option<Duration>,
        at: (Timestamp, f64),
    ) {
        // Sent before the breaker turned: its outcome was counted when the others failed.
        if permit.generation != self.generation {
            return;
        }
        self.failures += 1;
        let opens =
            permit.probe || blow == Blow::Strong || floor.is_some() || self.failures >= STRIKES;
        if opens {
            let (now, chance) = at;
            let pause = pause(self.openings, chance).max(floor.unwrap_or_default());
            let ms = i64::try_from(pause.min(PATIENCE).as_millis()).unwrap_or(i64::MAX);
            self.openings = (self.openings + 1).min(DOUBLINGS);
            self.failures = 0;
            self.turn(Circuit::Open {
                until: now.plus_ms(ms),
            });
        }
    }

    /// The request was given up by us: nothing was learnt, and the next one may try.
    pub(super) fn abandoned(&mut self, permit: Permit, now: Timestamp) {
        if permit.probe && permit.generation == self.generation {
            self.turn(Circuit::Open { until: now });
        }
    }

    fn turn(&mut self, circuit: Circuit) {
        self.circuit = circuit;
        self.generation += 1;
    }
}

/// Doubled with each opening, at least half of it, spread over the other half.
fn pause(openings: u32, chance: f64) -> Duration {
    let whole = FIRST
        .saturating_mul(1 << openings.min(DOUBLINGS))
        .min(LONGEST);
    whole / 2 + whole.mul_f64(chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp(1_800_000_000_000);

    fn fail(health: &mut Health, now: Timestamp) {
        let permit = health.permit(now).expect("may be asked");
        health.failed(permit, Blow::Weak, None, (now, 1.0));
    }

    fn until(health: &Health) -> Timestamp {
        match health.circuit() {
            Circuit::Open { until } => until,
            other @ (Circuit::Closed | Circuit::HalfOpen) => panic!("not open: {other:?}"),
        }
    }

    #[test]
    fn one_failure_is_chance_and_three_in_a_row_open_the_breaker() {
        let mut health = Health::default();
        fail(&mut health, T0);
        fail(&mut health, T0);
        let permit = health.permit(T0).expect("closed");
        health.succeeded(permit);
        fail(&mut health, T0);
        fail(&mut health, T0);
        assert_eq!(health.circuit(), Circuit::Closed);
        fail(&mut health, T0);
        assert_eq!(until(&health), T0.plus_ms(30_000));
        assert_eq!(health.permit(T0.plus_ms(29_999)), Err(Some(until(&health))));
    }

    #[test]
    fn after_the_pause_one_request_tries_and_the_others_wait_for_it() {
        let mut health = Health::default();
        for _ in 0..3 {
            fail(&mut health, T0);
        }
        let later = until(&health);
        let probe = health.permit(later).expect("half-open");
        assert_eq!(health.permit(later), Err(None));
        health.succeeded(probe);
        assert_eq!(health.circuit(), Circuit::Closed);
        assert!(health.permit(later).is_ok());
    }

    #[test]
    fn pauses_double_up_to_an_hour_and_are_spread_over_their_second_half() {
        let mut health = Health::default();
        for _ in 0..3 {
            fail(&mut health, T0);
        }
        let mut now = until(&health);
        let mut pauses = Vec::new();
        for _ in 0..9 {
            fail(&mut health, now);
            pauses.push((until(&health).0 - now.0) / 1000);
            now = until(&health);
        }
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
        assert_eq!(pause(0, 0.0), Duration::from_secs(15));
        assert_eq!(pause(0, 0.5), Duration::from_millis(22_500));
    }

    #[test]
    fn retry_after_is_a_floor_and_no_promise_beyond_a_day_binds_us() {
        let mut health = Health::default();
        let permit = health.permit(T0).expect("closed");
        let floor = Some(Duration::from_secs(600));
        health.failed(permit, Blow::Weak, floor, (T0, 0.0));
        assert_eq!(until(&health), T0.plus_ms(600_000));

        let mut health = Health::default();
        let permit = health.permit(T0).expect("closed");
        health.failed(permit, Blow::Weak, Some(Duration::MAX), (T0, 0.0));
        assert_eq!(until(&health), T0.plus_ms(86_400_000));
    }

    #[test]
    fn requests_sent_together_that_fail_together_lengthen_the_pause_once() {
        let mut health = Health::default();
        let permits: Vec<_> = (0..8).map(|_| health.permit(T0).expect("closed")).collect();
        for permit in permits {
            health.failed(permit, Blow::Weak, None, (T0, 1.0));
        }
        assert_eq!(until(&health), T0.plus_ms(30_000));
    }

    #[test]
    fn a_probe_that_was_given_up_leaves_its_place_to_the_next() {
        let mut health = Health::default();
        let permit = health.permit(T0).expect("closed");
        health.failed(permit, Blow::Strong, None, (T0, 1.0));
        let later = until(&health);
        let probe = health.permit(later).expect("half-open");
        health.abandoned(probe, later);
        assert!(health.permit(later).is_ok());
    }
}
