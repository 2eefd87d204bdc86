"use client";
import { useEffect, useState } from "react";
import type { MyNewsletter } from "@blog/api";
import { getMyNewsletter, subscribersFile } from "@/lib/my-newsletter";
import { newsletter } from "@/messages/newsletter";

const words = newsletter.card;

/** Who follows by e-mail: a number, how the last story went out, and the list to take along. */
export function Subscribers() {
  const [mine, setMine] = useState<MyNewsletter>();
  const [said, setSaid] = useState("");

  useEffect(() => {
    void getMyNewsletter().then((answer) => {
      if (answer.kind === "done") setMine(answer.value);
    });
  }, []);

  const take = async () => {
    const file = await subscribersFile();
    if (!file) return setSaid(words.failed);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "subscribers.csv";
    link.click();
    URL.revokeObjectURL(link.href);
    setSaid(words.taken);
  };

  if (!mine) return null;
  const { subscribers, pending, lastIssue } = mine;
  return (
    <section className="subscribers" aria-labelledby="subscribers">
      <h2 className="section-title" id="subscribers">
        {words.title}
      </h2>
      <p>{words.count(subscribers)}.</p>
      {subscribers === 0 && <p>{words.none}</p>}
      {pending > 0 && <p>{words.pending(pending)}</p>}
      {lastIssue && (
        <p>
          {words.last(lastIssue.title, lastIssue.sent, lastIssue.done)} {lastIssue.refused > 0 && words.refused(lastIssue.refused)}
        </p>
      )}
      {subscribers > 0 && (
        <p className="row">
          <button className="btn btn-line" type="button" onClick={() => void take()}>
            {words.take}
          </button>
          <span role="status">{said}</span>
        </p>
      )}
    </section>
  );
}
