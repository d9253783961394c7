import { expect, test } from 'vitest';
import { withRoleKept } from './dtls.js';

const OFFER = 'm=audio\r\na=setup:actpass\r\nm=video\r\na=setup:actpass\r\n';
const offer = { type: 'offer' as const, sdp: OFFER };
const answer = (role: string) => ({ type: 'answer' as const, sdp: `m=audio\r\na=setup:${role}\r\n` });

test('the first offer leaves the choice to the other side', () => {
	expect(withRoleKept(OFFER, null, null)).toBe(OFFER);
});

test('who answered "active" stays active', () => {
	expect(withRoleKept(OFFER, answer('active'), offer)).toBe(OFFER.replaceAll('actpass', 'active'));
});

test('whose offer was answered "active" stays passive', () => {
	expect(withRoleKept(OFFER, offer, answer('active'))).toBe(OFFER.replaceAll('actpass', 'passive'));
});
