import { useRef } from "react";
import { Avatar } from "@/components/people";
import { pictureTypes } from "@/lib/pictures";
import { UploadList } from "./uploads";
import { useUploads } from "./use-uploads";

interface PictureFieldProps {
  words: { label: string; choose: string; remove: string };
  /** Whose picture it is: gives the monogram while there is none. */
  name: string;
  url: string | null;
  error?: string;
  /** With the id of what was uploaded, or "" when the picture was taken away. */
  onChange: (mediaId: string) => void;
}

/** The picture of a person or a publication: chosen from the device, uploaded at once. */
export function PictureField({ words, name, url, error, onChange }: PictureFieldProps) {
  const chooser = useRef<HTMLInputElement>(null);
  const { uploads, start, remove } = useUploads();
  return (
    <div>
      <p className="label">{words.label}</p>
      <div className="avatar-row" role="group" aria-label={words.label}>
        <Avatar person={{ name, avatarUrl: url }} size="l" />
        <button className="btn btn-line" type="button" onClick={() => chooser.current?.click()}>
          {words.choose}
        </button>
        {url && (
          <button className="btn btn-bare" type="button" onClick={() => onChange("")}>
            {words.remove}
          </button>
        )}
        <input
          ref={chooser}
          type="file"
          accept={pictureTypes}
          hidden
          aria-label={words.choose}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) start(file, { done: ({ id }) => onChange(id) });
            event.target.value = "";
          }}
        />
      </div>
      <UploadList uploads={uploads} onDismiss={({ number }) => remove(number)} />
      {error && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
