/** Signing in by mail or passkey. The passkey code is loaded when somebody uses one. */
import type {
	PublicKeyCredentialCreationOptionsJSON,
	PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { deviceZone } from '../calendar/dates.js';
import { language } from '../locale.svelte.js';
import { api, want } from './client.js';
import type { Passkey, Who } from './types.js';

export const askForLink = (address: string) =>
	want(api.POST('/api/signin', { body: { address, locale: language.current, zone: deviceZone() } }));
export const lookAtLink = (token: string) => want(api.POST('/api/signin/look', { body: { token } }));
export const signInByLink = (token: string) => want(api.POST('/api/signin/link', { body: { token } }));
export const signOut = () => want(api.POST('/api/signout', { body: {} }));

export async function signInWithPasskey(): Promise<Who> {
	const { challenge_id, options } = await want(api.POST('/api/signin/passkey/options', { body: {} }));
	const { startAuthentication } = await import('@simplewebauthn/browser');
	// The server hands on what its WebAuthn library wrote, and describes it as any object.
	const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
	const credential = { ...(await startAuthentication({ optionsJSON })) };
	return want(api.POST('/api/signin/passkey', { body: { challenge_id, credential } }));
}

export async function addPasskey(label: string): Promise<Passkey> {
	const { challenge_id, options } = await want(api.POST('/api/me/passkeys/options', { body: {} }));
	const { startRegistration } = await import('@simplewebauthn/browser');
	const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
	const credential = { ...(await startRegistration({ optionsJSON })) };
	return want(api.POST('/api/me/passkeys', { body: { challenge_id, credential, label } }));
}

/** This device holds one for us already. */
export function passkeyKnown(thrown: unknown): boolean {
	return thrown instanceof Error && thrown.name === 'InvalidStateError';
}

/** Somebody closed the device's own question; nothing went wrong. */
export function passkeyDeclined(thrown: unknown): boolean {
	return thrown instanceof Error && ['NotAllowedError', 'AbortError'].includes(thrown.name);
}
