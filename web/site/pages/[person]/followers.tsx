import { peoplePage } from "@/lib/people-page";

export { default } from "@/lib/drawn";

export const getServerSideProps = peoplePage("followers");
