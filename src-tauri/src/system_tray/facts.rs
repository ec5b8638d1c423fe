use congvan_core::{Desk, NetworkState, Phase, SyncStatus, ViewCounts};

use super::words::Words;

/// What the desk lets the tray tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Facts {
    /// Nobody works here.
    Nobody,
    /// The desk is covered: nothing of it is told.
    Covered,
    /// Somebody works here.
    Open {
        /// How many documents each list has.
        counts: ViewCounts,
        /// How the line stands.
        network: NetworkState,
        /// The exchange is paused.
        paused: bool,
        /// Acts that the server has not received.
        unsent: u32,
        /// Acts that a person must look at.
        attention: u32,
    },
}

/// What can be chosen in the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Show the window.
    Open,
    /// Show it at the list of that name.
    List(&'static str),
    /// Exchange everything now.
    SyncNow,
    /// Cover the desk.
    Lock,
    /// End the program.
    Quit,
}

/// A line of the item's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Something to choose.
    Act(String, Act),
    /// Something to know.
    Note(String),
    /// Sets apart.
    Gap,
}

/// What the item's picture tells besides its words: each by a shape of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Something was not read yet.
    pub(crate) unread: bool,
    /// Something was not sent yet.
    pub(crate) unsent: bool,
}

type List = (&'static str, &'static str, fn(&ViewCounts) -> u32);

/// The lists in which there is something to do: the list's name, its words, how many.
const LISTS: [List; 9] = [
    ("incoming_overdue", "list.overdue", |c| c.incoming_overdue),
    ("incoming_due_soon", "list.dueSoon", |c| c.incoming_due_soon),
    ("incoming_say", "list.say", |c| c.incoming_say),
    ("incoming_hold", "list.hold", |c| c.incoming_hold),
    ("incoming_pending", "list.pending", |c| c.incoming_pending),
    ("incoming_support", "list.support", |c| c.incoming_support),
    ("to_sign", "nav.to_sign", |c| c.to_sign),
    ("outgoing_check", "list.check", |c| c.outgoing_check),
    ("outgoing_issue", "list.issue", |c| c.outgoing_issue),
];

impl Facts {
    /// What may be told now. Counts come from indexes as short as their answer.
    pub(crate) async fn of(desk: &Desk) -> Self {
        let Ok(status) = desk.status().await else {
            return Self::Nobody;
        };
        match status.phase {
            Phase::Unconfigured | Phase::Login => Self::Nobody,
            Phase::Locked => Self::Covered,
            Phase::Open => match desk.counts().await {
                Ok(counts) => Self::open(counts, &status.sync),
                // Logged out meanwhile, or the disk is at fault, which the window says.
                Err(_) => Self::Nobody,
            },
        }
    }

    fn open(counts: ViewCounts, sync: &SyncStatus) -> Self {
        Self::Open {
            counts,
            network: sync.network,
            paused: sync.paused,
            unsent: sync.unsent,
            attention: sync.needs_attention,
        }
    }

    /// The item's menu.
    pub(crate) fn menu(&self, words: &Words) -> Vec<Line> {
        let act = |key: &str, act: Act| Line::Act(words.say(key), act);
        let mut lines = Vec::new();
        match self {
            Self::Nobody => lines.push(act("systemTray.open", Act::Open)),
            Self::Covered => lines.push(act("systemTray.unlock", Act::Open)),
            Self::Open { counts, .. } => {
                lines.extend([act("systemTray.open", Act::Open), Line::Gap]);
                let before = lines.len();
                for (view, key, count) in LISTS {
                    let count = count(counts);
                    if count > 0 {
                        let label = format!("{}: {count}", words.say(key));
                        lines.push(Line::Act(label, Act::List(view)));
                    }
                }
                if lines.len() == before {
                    lines.push(Line::Note(words.say("systemTray.nothing")));
                }
                lines.push(Line::Gap);
                lines.extend(self.state(words).into_iter().map(Line::Note));
                lines.push(act("sync.now", Act::SyncNow));
                lines.push(act("lock.now", Act::Lock));
            }
        }
        lines.extend([Line::Gap, act("systemTray.quit", Act::Quit)]);
        lines
    }

    /// How the line stands, what was not sent, what a person must look at.
    pub(crate) fn state(&self, words: &Words) -> Vec<String> {
        let Self::Open {
            network,
            paused,
            unsent,
            attention,
            ..
        } = self
        else {
            return Vec::new();
        };
        let mut said = vec![words.say(line_key(*network, *paused))];
        if *unsent > 0 {
            said.push(words.count("network.unsent", *unsent));
        }
        if *attention > 0 {
            said.push(words.count("network.attention", *attention));
        }
        said
    }

    /// The one line that says it all, for who points at the item.
    pub(crate) fn tip(&self, words: &Words) -> String {
        let mut said = Vec::new();
        if let Self::Open { counts, .. } = self
            && counts.incoming_unread > 0
        {
            said.push(words.count("systemTray.unread", counts.incoming_unread));
        }
        said.extend(self.state(words));
        if said.is_empty() {
            said.push(words.say("app.tagline"));
        }
        said.join(" · ")
    }

    /// What the picture tells.
    pub(crate) fn marks(&self) -> Marks {
        match self {
            Self::Nobody | Self::Covered => Marks::default(),
            Self::Open { counts, unsent, .. } => Marks {
                unread: counts.incoming_unread > 0,
                unsent: *unsent > 0,
            },
        }
    }

    /// Whether a person must look at something.
    pub(crate) fn asks_for_attention(&self) -> bool {
        matches!(self, Self::Open { attention, .. } if *attention > 0)
    }
}

fn line_key(network: NetworkState, paused: bool) -> &'static str {
    if paused {
        return "systemTray.line.paused";
    }
    match network {
        NetworkState::Connecting => "systemTray.line.connecting",
        NetworkState::Online => "systemTray.line.online",
        NetworkState::Busy => "systemTray.line.busy",
        NetworkState::Offline => "systemTray.line.offline",
        NetworkState::WrongNetwork => "systemTray.line.wrong_network",
        NetworkState::Untrusted => "systemTray.line.untrusted",
        NetworkState::ProxyAuthNeeded => "systemTray.line.proxy_auth_needed",
        NetworkState::ProxyRefused => "systemTray.line.proxy_refused",
        NetworkState::NeedsLogin => "systemTray.line.needs_login",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn words(language: &str) -> Words {
        Words::of(&BTreeMap::from([("language".into(), language.into())]))
    }

    fn open(counts: ViewCounts, unsent: u32) -> Facts {
        Facts::Open {
            counts,
            network: NetworkState::Offline,
            paused: false,
            unsent,
            attention: 0,
        }
    }

    fn busy() -> ViewCounts {
        ViewCounts {
            incoming_unread: 5,
            incoming_overdue: 2,
            to_sign: 8,
            ..ViewCounts::default()
        }
    }

    fn labels(facts: &Facts, words: &Words) -> Vec<String> {
        let lines = facts.menu(words).into_iter();
        lines
            .filter_map(|line| match line {
                Line::Act(label, _) | Line::Note(label) => Some(label),
                Line::Gap => None,
            })
            .collect()
    }

    #[test]
    fn the_menu_counts_each_list_in_which_there_is_something_to_do() {
        assert_eq!(
            labels(&open(busy(), 3), &words("vi")),
            [
                "Mở Công Văn",
                "Quá hạn: 2",
                "Trình ký: 8",
                "Ngoại tuyến",
                "3 việc chờ gửi",
                "Đồng bộ ngay",
                "Khoá bàn làm việc",
                "Thoát"
            ]
        );
        let nothing = labels(&open(ViewCounts::default(), 0), &words("vi"));
        assert!(nothing.contains(&"Không có việc đang chờ".to_owned()));
    }

    #[test]
    fn a_covered_desk_tells_the_tray_nothing() {
        let words = words("vi");
        assert_eq!(labels(&Facts::Covered, &words), ["Mở khoá…", "Thoát"]);
        assert_eq!(Facts::Covered.tip(&words), words.say("app.tagline"));
        assert_eq!(Facts::Covered.marks(), Marks::default());
    }

    #[test]
    fn every_word_of_the_tray_stands_in_both_catalogues() {
        let states = [
            NetworkState::Connecting,
            NetworkState::Online,
            NetworkState::Busy,
            NetworkState::Offline,
            NetworkState::WrongNetwork,
            NetworkState::Untrusted,
            NetworkState::ProxyAuthNeeded,
            NetworkState::ProxyRefused,
            NetworkState::NeedsLogin,
        ];
        let mut keys: Vec<&str> = LISTS.iter().map(|(_, key, _)| *key).collect();
        keys.extend(states.iter().map(|state| line_key(*state, false)));
        keys.extend([
            line_key(NetworkState::Online, true),
            "systemTray.open",
            "systemTray.unlock",
            "systemTray.nothing",
            "systemTray.quit",
            "systemTray.hidden",
            "systemTray.hiddenText",
            "sync.now",
            "lock.now",
            "app.tagline",
        ]);
        for language in ["vi", "en"] {
            let words = words(language);
            for key in &keys {
                assert_ne!(words.say(key), *key, "{language}");
            }
            let unread = words.count("systemTray.unread", 2);
            assert!(unread.starts_with("2 "), "{unread}");
        }
    }

    #[test]
    fn the_tip_says_what_the_picture_tells() {
        let facts = open(busy(), 3);
        let said = facts.tip(&words("vi"));
        assert_eq!(said, "5 văn bản chưa đọc · Ngoại tuyến · 3 việc chờ gửi");
        let both = Marks {
            unread: true,
            unsent: true,
        };
        assert_eq!(facts.marks(), both);
    }
}
