import type { ComponentProps } from "react";
import { Frame } from "@/components/frame";
import { signInAddress, signUpAddress } from "@/components/session-links";
import { writing } from "@/messages/writing";

interface Gate {
  title: string;
  text?: string;
  /** Where to go on after signing in. */
  path: string;
}

/** A signed-in page for somebody who is not. */
export function SignInPage({ place, ...gate }: Gate & Pick<ComponentProps<typeof Frame>, "place">) {
  return (
    <Frame path={gate.path} place={place}>
      <main id="main" className="frame" tabIndex={-1}>
        <SignInCard {...gate} />
      </main>
    </Frame>
  );
}

/** The same within a page that has more states. */
export function SignInCard({ title, text = writing.signIn.text, path }: Gate) {
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
