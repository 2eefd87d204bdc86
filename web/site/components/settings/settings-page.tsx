"use client";
import { useLoaded } from "@/components/use-loaded";
import { getMe } from "@/lib/my-profile";
import { writing } from "@/messages/writing";
import { ProfileEditor } from "./profile-editor";
import { SettingsFrame } from "./settings-frame";
import { Subscribers } from "./subscribers";

export function SettingsPage() {
  const { state } = useLoaded(getMe);
  return (
    <SettingsFrame here="profile" path="/settings" words={writing.settings} signIn={writing.signIn.settings} failedText={writing.stories.failedText} rows={3} state={state}>
      {(profile) => (
        <>
          <ProfileEditor initial={profile} />
          <Subscribers />
        </>
      )}
    </SettingsFrame>
  );
}
