export { card as getServerSideProps } from "@/lib/social-card/serve";
export { default } from "@/lib/drawn";
