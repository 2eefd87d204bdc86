import { useState } from "react";
import { saveFile } from "@/lib/files";
import { importing } from "@/messages/importing";

const words = importing.export;

interface TakeAlongProps {
  className: string;
  textClassName?: string;
  title: string;
  text: string;
  action: string;
  name: string;
  /** Undefined: it cannot be had now. */
  fetch: () => Promise<Blob | undefined>;
}

/** A part of a page where one takes along what is one's own, as a file. */
export function TakeAlong({ className, textClassName, title, text, action, name, fetch }: TakeAlongProps) {
  const [said, setSaid] = useState("");
  const [making, setMaking] = useState(false);

  const take = async () => {
    setMaking(true);
    setSaid(words.making);
    const file = await fetch();
    setMaking(false);
    if (!file) return setSaid(words.failed);
    saveFile(file, name);
    setSaid(words.taken);
  };

  return (
    <section className={className} aria-labelledby="export">
      <h2 className="section-title" id="export">
        {title}
      </h2>
      <p className={textClassName}>{text}</p>
      <p className="row">
        <button className="btn btn-line" type="button" disabled={making} onClick={() => void take()}>
          {action}
        </button>
        <span role="status">{said}</span>
      </p>
    </section>
  );
}
