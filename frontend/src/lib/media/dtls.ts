/**
 * Who began the DTLS handshake stays its client for as long as the connection lives
 * (RFC 8842 - 5.5. Modifying the Session). Offered the choice once more, Firefox always
 * answers "active", which breaks the connection when it was "passive" before; so a later
 * offer names the role instead of asking.
 */
interface Agreed {
	type: RTCSdpType;
	sdp: string;
}

export function withRoleKept(offer: string, local: Agreed | null, remote: Agreed | null): string {
	const role = roleOf(local) ?? opposite(roleOf(remote));
	return role ? offer.replaceAll('a=setup:actpass', `a=setup:${role}`) : offer;
}

type Role = 'active' | 'passive';

/** Only an answer decides. */
function roleOf(description: Agreed | null): Role | null {
	if (description?.type !== 'answer') return null;
	return (/^a=setup:(active|passive)/m.exec(description.sdp)?.[1] as Role | undefined) ?? null;
}

function opposite(role: Role | null): Role | null {
	if (role === null) return null;
	return role === 'active' ? 'passive' : 'active';
}
