import { writing } from "@/messages/writing";
import type { Upload } from "./use-uploads";

const words = writing.pictures;

interface UploadListProps {
  uploads: readonly Upload[];
  onDismiss: (upload: Upload) => void;
  onAgain?: (upload: Upload) => void;
  onCancel?: (upload: Upload) => void;
}

export function UploadList({ uploads, onDismiss, onAgain, onCancel }: UploadListProps) {
  if (uploads.length === 0) return null;
  return (
    <ul className="uploads">
      {uploads.map((upload) => (
        <li key={upload.number}>
          {upload.problem ? (
            <>
              <p role="alert">
                <b>{words.failed(upload.file.name || "The picture")}.</b> {upload.problem}
              </p>
              {onAgain && upload.file.size > 0 && (
                <button className="btn-text" type="button" onClick={() => onAgain(upload)}>
                  {words.again}
                </button>
              )}
              <button className="btn-text" type="button" onClick={() => onDismiss(upload)}>
                {words.dismiss}
              </button>
            </>
          ) : (
            <>
              <span className="meta">{words.uploading(upload.file.name || "picture", upload.share)}</span>
              <progress value={upload.share} max={1} aria-label={words.uploading(upload.file.name || "picture", upload.share)} />
              {onCancel && (
                <button className="btn-text" type="button" onClick={() => onCancel(upload)}>
                  {words.cancel}
                </button>
              )}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
