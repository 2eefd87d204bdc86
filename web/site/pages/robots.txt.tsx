import { robots } from "@/lib/open-web/sitemaps";

export { default } from "@/lib/drawn";

export const getServerSideProps = robots;
