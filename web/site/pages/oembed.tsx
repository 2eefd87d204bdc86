import { oembed } from "@/lib/open-web/oembed";

export { default } from "@/lib/drawn";

export const getServerSideProps = oembed;
