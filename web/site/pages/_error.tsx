import { WrongPage } from "@/components/wrong";

export const config = { unstable_runtimeJS: false };

/** Only what escapes a page's own handling comes here. */
export default function ErrorPage() {
  return <WrongPage wrong="broken" path="/" />;
}
