import type { GetServerSideProps } from "next";
import { useRouter } from "next/router";
import { WrongPage } from "@/components/wrong";
import { refuse } from "@/lib/page";

export const config = { unstable_runtimeJS: false };

export const getServerSideProps: GetServerSideProps = async (context) => refuse(context, "missing");

export default function NothingHere() {
  return <WrongPage wrong="missing" path={useRouter().asPath} />;
}
