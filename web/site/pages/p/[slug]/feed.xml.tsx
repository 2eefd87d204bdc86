import { publicationFeed } from "@/lib/open-web/serve";

export { default } from "@/lib/drawn";

export const getServerSideProps = publicationFeed("xml");
