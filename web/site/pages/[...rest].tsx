import type { GetServerSideProps } from "next";
import { refuse } from "@/lib/page";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => refuse(context, "missing");
