import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { reading, useRead } from "../api/query";
import { useSettings } from "../api/settings";
import { AllConfirmed, BatchValues, InboxFoot, InboxHead } from "../features/intake/InboxFrame";
import { InboxList } from "../features/intake/InboxList";
import { LetterPane } from "../features/intake/LetterPane";
import { ReceivedDialog } from "../features/intake/ReceivedDialog";
import { ReceivedFoot, ReceivedList } from "../features/intake/ReceivedList";
import { ReceivedPane } from "../features/intake/ReceivedPane";
import { RegisterDialog } from "../features/intake/RegisterDialog";
import { SealPanel } from "../features/intake/SealPanel";
import { Sources } from "../features/intake/Sources";
import { StackPane } from "../features/intake/StackPane";
import type { Taken } from "../features/intake/Strip";
import { type InboxPlace, useInbox } from "../features/intake/useInbox";
import { usePages } from "../features/intake/usePages";
import { useReceived } from "../features/intake/useReceived";
import { useRegister } from "../features/intake/useRegister";
import type { Scans } from "../features/intake/useScans";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import { useShortcut } from "../shared/useShortcut";
import css from "./IntakeView.module.css";

interface IntakeViewProps {
  scans: Scans;
  onOpenDocument: (id: string, direction: string) => void;
}

/** From the scanner to the register: cards at the left, the page and its form, one act for all. */
export function IntakeView({ scans, onOpenDocument }: IntakeViewProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { read, remember } = useSettings();
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<InboxPlace>("waiting");
  const inbox = useInbox(place);
  const work = usePages();
  const register = useRegister();
  const came = useReceived();
  const [axisWanted, setAxis] = useState(false);
  const axis = axisWanted && came.isClerk;
  const [reach, setReach] = useState(0);
  const [taken, setTaken] = useState<Taken | null>(null);
  const [sourcesOpen, setSourcesOpen] = useState(false);
  const [registering, setRegistering] = useState(false);
  const [sealing, setSealing] = useState(false);
  /** Who is to take the focus: a card's key and how often that was wished. */
  const [wish, setWish] = useState({ key: "", count: 0 });

  const chosen = read("intake.selected") ?? null;
  const at = inbox.entries.findIndex((entry) => entry.key === chosen);
  const entry = inbox.entries[at] ?? inbox.entries[0];
  const select = useCallback(
    (key: string) => {
      remember("intake.selected", key);
      setSourcesOpen(false);
      setSealing(false);
    },
    [remember],
  );
  const open = (key: string) => {
    select(key);
    setWish((old) => ({ key, count: old.count + 1 }));
  };
  const nothing = !inbox.loading && inbox.entries.length === 0;
  // The keys of the section work at once; Enter in the list before the first cards are there counts too.
  const wished = useRef(false);
  const started = entry !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the first cards are there.
  useEffect(() => {
    if (entry === undefined) return;
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (isFree || wished.current) open(entry.key);
    wished.current = false;
  }, [started]);

  // The letter after this one is ready before it is asked for.
  const following = inbox.entries[Math.max(at, 0) + 1]?.letter?.id;
  useEffect(() => {
    if (following === undefined) return;
    void client.prefetchQuery(reading("intake", "intake_letter", { letter: following }));
  }, [client, following]);

  const onNext = (next: string | null) => {
    const unread = inbox.entries.find((each) => each.letter?.state === "READING");
    if (next !== null) open(`letter ${next}`);
    else if (unread !== undefined) open(unread.key);
    else {
      remember("intake.selected", "");
    }
  };
  const reopen = useMutation({
    mutationFn: (letter: string) => host().call("intake_reopen", { letter }),
    onSuccess: (_, letter) => {
      setPlace("waiting");
      open(`letter ${letter}`);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["intake"] }),
  });
  const queue = useRead("intake", "seal_queue", {});
  const confirmed = inbox.counts.confirmed;
  const go = (by: 1 | -1) => {
    const to = inbox.entries[Math.max(0, at) + by];
    if (to !== undefined) open(to.key);
  };
  useShortcut("intake.next", () => go(1), !axis);
  useShortcut("intake.previous", () => go(-1), !axis);
  useShortcut("intake.add", scans.choose);
  const count = axis ? came.chosen.length : confirmed;
  useShortcut("intake.register", () => setRegistering(true), count > 0);
  useShortcut("intake.undo", () => work.undo.mutate(), inbox.canUndo && !axis);
  useShortcut("back", () => {
    setSourcesOpen(false);
    setSealing(false);
    list.current?.focus();
  });
  const focusOf = (key: string) => (wish.key === key ? wish.count : 0);
  const batch = <BatchValues register={register} onChange={() => setRegistering(true)} />;
  return (
    <>
      <section className={css.list} aria-label={t("list.label", { section: t("nav.scan") })}>
        <InboxHead
          inbox={inbox}
          place={place}
          came={came}
          axis={axis}
          onAxis={() => {
            setAxis(!axis);
            setReach(0);
            setSourcesOpen(false);
            setSealing(false);
          }}
          onPlace={(next) => {
            setPlace(next);
            setAxis(false);
            setSourcesOpen(false);
          }}
          taking={scans.taking}
          sourcesOpen={sourcesOpen}
          onSources={() => setSourcesOpen(!sourcesOpen)}
          onUndo={() => work.undo.mutate()}
        />
        {inbox.error != null && <ErrorMessage error={inbox.error} className={css.error} />}
        {scans.error !== null && <ErrorMessage error={scans.error} className={css.error} />}
        {work.undo.error !== null && <ErrorMessage error={work.undo.error} className={css.error} />}
        {axis ? (
          <ReceivedList came={came} onOpen={() => setReach((times) => times + 1)} listRef={list} />
        ) : nothing ? (
          <Empty
            icon={place === "waiting" ? "scan" : "book"}
            title={t(`intake.empty.${place}.title`)}
            text={t(`intake.empty.${place}.text`)}
          />
        ) : (
          <InboxList
            inbox={inbox}
            selected={entry?.key ?? null}
            onSelect={select}
            onOpen={() => {
              wished.current = entry === undefined;
              if (entry !== undefined) open(entry.key);
            }}
            listRef={list}
          />
        )}
        {axis ? (
          <ReceivedFoot came={came} onRegister={() => setRegistering(true)} />
        ) : (
          <InboxFoot
            confirmed={confirmed}
            seal={queue.data}
            onRegister={() => setRegistering(true)}
            onSeal={() => setSealing(true)}
          />
        )}
      </section>
      <main className={css.main}>
        {sealing ? (
          <div className={css.seal}>
            <SealPanel onClose={() => setSealing(false)} />
          </div>
        ) : axis && !sourcesOpen ? (
          came.current !== undefined && (
            <ReceivedPane
              key={came.current.document}
              entry={came.current}
              focus={reach}
              onOpenDocument={(id) => onOpenDocument(id, "incoming")}
            />
          )
        ) : sourcesOpen || (nothing && place === "waiting" && confirmed === 0) ? (
          <Sources empty={nothing && confirmed === 0} onAdd={scans.choose} />
        ) : nothing && place === "waiting" ? (
          <AllConfirmed count={confirmed} onRegister={() => setRegistering(true)} />
        ) : entry?.letter !== undefined ? (
          <LetterPane
            key={entry.key}
            letter={entry.letter.id}
            focus={focusOf(entry.key)}
            work={work}
            taken={taken}
            onTake={setTaken}
            onNext={onNext}
            onBack={() => list.current?.focus()}
            onReopen={() => entry.letter !== undefined && reopen.mutate(entry.letter.id)}
            onOpenDocument={(id) => onOpenDocument(id, "incoming")}
            batch={batch}
          />
        ) : entry?.stack !== undefined ? (
          <StackPane
            key={entry.key}
            stack={entry.stack}
            focus={focusOf(entry.key)}
            work={work}
            onOpenLetter={(letter) => open(`letter ${letter}`)}
          />
        ) : (
          <Empty icon="book" title={t(`intake.empty.${place}.title`)}>
            <Button onClick={() => setPlace("waiting")}>{t("intake.place.waiting")}</Button>
          </Empty>
        )}
      </main>
      <ReceivedDialog
        open={registering && axis}
        came={came}
        onClose={() => {
          setRegistering(false);
          list.current?.focus();
        }}
      />
      <RegisterDialog
        open={registering && !axis}
        count={confirmed}
        register={register}
        onClose={() => {
          setRegistering(false);
          list.current?.focus();
        }}
        onSeal={() => setSealing(true)}
      />
    </>
  );
}
