/**
 * For browser tests, so that the product needs nothing for them: remembers every
 * RTCPeerConnection a page makes, and tells what arrives from each other seat.
 *
 *     await context.add_init_script(path="frontend/tests/peers.js")
 *     await page.evaluate("peers.stats()")
 *     // {"<seat>": {state, framesDecoded, bytesReceived, audioEnergy, localType, remoteType}}
 *
 * A seat is the one whose <video data-testid="video-<seat>"> shows the receiver's track.
 */
(() => {
	const Native = globalThis.RTCPeerConnection;
	if (!Native) return;
	const all = [];

	globalThis.RTCPeerConnection = class extends Native {
		constructor(...how) {
			super(...how);
			all.push(this);
		}
	};

	// Cameras and microphones that the page was given.
	const given = [];
	const devices = navigator.mediaDevices;
	if (devices) {
		const ask = devices.getUserMedia.bind(devices);
		devices.getUserMedia = async (what) => {
			const stream = await ask(what);
			given.push(...stream.getTracks());
			return stream;
		};
	}

	// All that the socket brought: not every browser tells its driver.
	const frames = [];
	const Wire = globalThis.WebSocket;
	globalThis.WebSocket = class extends Wire {
		constructor(...how) {
			super(...how);
			this.addEventListener('message', ({ data }) => frames.push(data));
		}
		close(...how) {
			if (!globalThis.peers.wireIsCut) super.close(...how);
		}
	};

	const open = () => all.filter((peer) => peer.connectionState !== 'closed');

	function seatOf(peer) {
		const tracks = new Set(peer.getReceivers().map(({ track }) => track.id));
		for (const video of document.querySelectorAll('video[data-testid^="video-"]')) {
			const shown = video.srcObject?.getTracks() ?? [];
			if (shown.some(({ id }) => tracks.has(id))) return video.dataset.testid.slice('video-'.length);
		}
		return null;
	}

	async function statsOf(peer) {
		const stats = [...(await peer.getStats()).values()];
		const inbound = (kind) => stats.find((each) => each.type === 'inbound-rtp' && each.kind === kind) ?? {};
		const byId = new Map(stats.map((each) => [each.id, each]));
		const pair = stats.find(
			(each) => each.type === 'candidate-pair' && each.nominated && each.state === 'succeeded',
		);
		return {
			state: peer.connectionState,
			framesDecoded: inbound('video').framesDecoded ?? 0,
			bytesReceived: (inbound('video').bytesReceived ?? 0) + (inbound('audio').bytesReceived ?? 0),
			audioEnergy: inbound('audio').totalAudioEnergy ?? 0,
			localType: byId.get(pair?.localCandidateId)?.candidateType ?? null,
			remoteType: byId.get(pair?.remoteCandidateId)?.candidateType ?? null,
		};
	}

	globalThis.peers = {
		/** How many were ever made, and how many are open now. */
		count: () => ({ made: all.length, open: open().length }),
		liveTracks: () => given.filter((track) => track.readyState === 'live').length,
		frames: () => frames,
		forgetFrames: () => void frames.splice(0),
		/** Once true, closing a socket reaches nobody, as when a network is lost. */
		wireIsCut: false,
		async stats() {
			const found = {};
			for (const peer of open()) found[seatOf(peer) ?? 'none'] = await statsOf(peer);
			return found;
		},
	};
})();
