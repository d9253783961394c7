/** Zones that are near at hand in the list; all others follow by region. */
export const usualZones = ['Asia/Jerusalem', 'Europe/London', 'Europe/Berlin', 'America/New_York'] as const;

export function zonesByRegion(): [region: string, zones: string[]][] {
	const regions = new Map<string, string[]>();
	for (const zone of Intl.supportedValuesOf('timeZone')) {
		const region = zone.split('/')[0] ?? zone;
		regions.set(region, [...(regions.get(region) ?? []), zone]);
	}
	return [...regions];
}
