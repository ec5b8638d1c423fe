import { useEffect } from "react";
import { useRead } from "../../api/query";

/** Checks how a file is set. The core answers in portions; whoever no longer looks no longer asks. */
export function useFormat(sha256: string | undefined) {
  const { data, error, refetch } = useRead(
    "file",
    "document_format",
    { sha256: sha256 ?? "" },
    { enabled: sha256 !== undefined },
  );
  useEffect(() => {
    if (data?.review === null) void refetch();
  }, [data, refetch]);
  return { check: data, error, again: () => void refetch() };
}
