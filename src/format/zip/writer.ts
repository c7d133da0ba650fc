export declare function packApp(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array>;
