/** Keeps a phone's screen on while one listens; the lock is lost whenever the page is hidden. */
export function keepAwake(): () => void {
	let lock: WakeLockSentinel | null = null;
	let over = false;

	async function hold(): Promise<void> {
		if (document.hidden || over) return;
		try {
			lock = await navigator.wakeLock?.request('screen');
			if (over) await lock?.release();
		} catch {
			// low battery, or not allowed: the screen goes dark as it always does
		}
	}

	void hold();
	document.addEventListener('visibilitychange', hold);
	return () => {
		over = true;
		document.removeEventListener('visibilitychange', hold);
		void lock?.release().catch(() => undefined);
	};
}
