import { Dialog } from "@base-ui/react/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { UnitPostDto } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate } from "../../shared/format";
import css from "./Capacity.module.css";
import { GivePost } from "./GivePost";

interface PostsDialogProps {
  open: boolean;
  onClose: () => void;
}

/** Who manages a unit sees the posts in it, gives one for a time and ends it. */
export function PostsDialog({ open, onClose }: PostsDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, dialog.wide)} data-testid="posts">
          <Posts onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Posts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: posts } = useRead("session", "unit_posts", {});
  const end = useMutation({
    mutationFn: ({ account, unit_code, role }: UnitPostDto) =>
      host().call("unit_post_end", { account, unit_code, role }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["session"] }),
  });
  if (posts === undefined) return null;
  return (
    <>
      <Dialog.Title className={dialog.title}>{t("posts.title")}</Dialog.Title>
      <Dialog.Description className={css.quiet}>{t("posts.what")}</Dialog.Description>
      {end.error !== null && <ErrorMessage error={end.error} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the keys. */}
      <ul className={cx(css.list, css.posts)} aria-label={t("posts.list")} tabIndex={0}>
        {posts.map((post) => (
          <Row key={`${post.account} ${post.unit_code} ${post.role}`} post={post}>
            {post.may_end && (
              <Button
                onClick={() => end.mutate(post)}
                disabled={end.isPending}
                aria-label={t("posts.endOf", { title: post.title, name: post.person })}
                data-testid="post-end"
              >
                {t("posts.end")}
              </Button>
            )}
          </Row>
        ))}
      </ul>
      <GivePost posts={posts} />
      <div className={dialog.acts}>
        <Button onClick={onClose} data-testid="posts-close">
          {t("app.close")}
        </Button>
      </div>
    </>
  );
}

function Row({ post, children }: { post: UnitPostDto; children: React.ReactNode }) {
  const { t } = useTranslation();
  const { since, until } = post;
  const facts = [
    t(`posts.roles.${post.role as "clerk"}`),
    post.unit,
    since !== null && t("posts.since", { day: formatDate(since) }),
    // Its last whole day.
    until !== null && t("posts.until", { day: formatDate(until - 1) }),
  ];
  return (
    <li className={css.row} data-testid="post">
      <div className={css.rowText}>
        <p className={css.person}>
          {post.person}, {post.title}
        </p>
        <p className={css.quiet}>{facts.filter(Boolean).join(" · ")}</p>
      </div>
      {children}
    </li>
  );
}
