import { signInAddress, signUpAddress } from "@/components/session-links";
import { writing } from "@/messages/writing";

/** A signed-in page for somebody who is not. */
export function SignInCard({ title, text = writing.signIn.text, path }: { title: string; text?: string; path: string }) {
  return (
    <div className="column page-head">
      <h1 className="page-title">{title}</h1>
      <p className="standfirst">{text}</p>
      <p className="row gate">
        <a className="btn btn-main" href={signInAddress(path)}>
          {writing.signIn.signIn}
        </a>
        <a className="btn btn-line" href={signUpAddress(path)}>
          {writing.signIn.signUp}
        </a>
      </p>
    </div>
  );
}
