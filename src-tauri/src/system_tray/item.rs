//! The item by the desktop's own protocol (StatusNotifierItem over the session bus): no library of the
//! system is needed, and it is known whether somebody shows it.

use std::sync::Arc;

use congvan_core::{ChangeTag, Desk, DeskEvent};
use ksni::{Icon, MenuItem, OfflineReason, Status, ToolTip, Tray, TrayMethods, menu::StandardItem};
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::{
    Shown, act,
    facts::{Act, Facts, Line},
    icon, present,
    words::Words,
};

/// What the item tells now.
struct Item {
    app: AppHandle,
    facts: Facts,
    words: Words,
}

pub(super) async fn run(app: AppHandle, desk: Arc<Desk>) {
    let mut events = desk.events();
    let (facts, words) = look(&desk).await;
    let item = Item {
        app: app.clone(),
        facts,
        words,
    };
    // Somebody shows it, unless the item hears otherwise: a tray may come later too.
    app.state::<Shown>().set(true);
    let handle = match item.assume_sni_available(true).spawn().await {
        Ok(handle) => handle,
        Err(error) => {
            app.state::<Shown>().set(false);
            tracing::info!(%error, "no system tray");
            return;
        }
    };
    loop {
        match events.recv().await {
            Ok(DeskEvent::Changed(tags)) if tags.iter().any(concerns) => {}
            Ok(_) => continue,
            // Some were missed: look again.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
        // What changed meanwhile is seen by the same look.
        while !matches!(
            events.try_recv(),
            Err(TryRecvError::Empty | TryRecvError::Closed)
        ) {}
        let (facts, words) = look(&desk).await;
        let updated = handle.update(move |item| {
            item.facts = facts;
            item.words = words;
        });
        if updated.await.is_none() {
            return;
        }
    }
}

fn concerns(tag: &ChangeTag) -> bool {
    match tag {
        ChangeTag::Documents | ChangeTag::Sync | ChangeTag::Session | ChangeTag::Settings => true,
        ChangeTag::Signing
        | ChangeTag::Token
        | ChangeTag::Signatures
        | ChangeTag::Completion
        | ChangeTag::Intake => false,
    }
}

async fn look(desk: &Desk) -> (Facts, Words) {
    let settings = desk.settings().await.unwrap_or_default();
    (Facts::of(desk).await, Words::of(&settings))
}

impl Tray for Item {
    fn id(&self) -> String {
        "congvan".to_owned()
    }

    fn title(&self) -> String {
        self.words.say("app.name")
    }

    fn status(&self) -> Status {
        if self.facts.asks_for_attention() {
            Status::NeedsAttention
        } else {
            Status::Active
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let mut data = icon::picture(self.facts.marks());
        for pixel in data.chunks_exact_mut(4) {
            // RGBA to ARGB.
            pixel.rotate_right(1);
        }
        let side = i32::from(icon::SIDE);
        vec![Icon {
            width: side,
            height: side,
            data,
        }]
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.title(),
            description: self.facts.tip(&self.words),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _: i32, _: i32) {
        act(&self.app, Act::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let lines = self.facts.menu(&self.words).into_iter();
        lines
            .map(|line| match line {
                Line::Gap => MenuItem::Separator,
                Line::Note(label) => StandardItem {
                    label,
                    enabled: false,
                    ..StandardItem::default()
                }
                .into(),
                Line::Act(label, chosen) => StandardItem {
                    label,
                    activate: Box::new(move |item: &mut Self| act(&item.app, chosen)),
                    ..StandardItem::default()
                }
                .into(),
            })
            .collect()
    }

    fn watcher_online(&self) {
        self.app.state::<Shown>().set(true);
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        let shown = self.app.state::<Shown>();
        // A window that is hidden in a tray that has gone could not be brought back.
        if shown.get() {
            present_hidden(&self.app);
        }
        shown.set(false);
        true
    }
}

fn present_hidden(app: &AppHandle) {
    let is_hidden = app
        .get_webview_window("main")
        .is_some_and(|window| !window.is_visible().unwrap_or(true));
    if is_hidden {
        present(app);
    }
}
