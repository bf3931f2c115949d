namespace ToolGateway.Rego.Bundles;

/// <summary>Unpacks, verifies, then reads: nothing of a bundle is used before its signature holds.</summary>
internal static class BundleReader
{
    public static RegoBundleReading Read(ReadOnlyMemory<byte> gzipTar, RegoBundleOptions options)
    {
        var problems = new List<string>();
        var files = Unpacking.Gunzip(gzipTar, options, problems.Add) is { } tar ? new TarFiles(tar, options.MaxEntries, problems.Add).Read() : null;
        if (files is null)
            return Failed(problems);
        if (files.Any(file => file.Path == "patch.json"))
            return Failed(["patch.json: delta bundles are not supported, because they have no signature; serve whole bundles"]);
        var signature = BundleVerification.Verify(files, options, problems.Add);
        return problems.Count > 0 ? Failed(problems) : Read(files, signature, problems);
    }

    public static RegoBundleReading Failed(IEnumerable<string> problems) => new(null, [.. problems.Select(problem => new RegoError(RegoErrorCodes.Bundle, problem))]);

    private static RegoBundleReading Read(IReadOnlyCollection<BundleFile> files, RegoBundleSignature? signature, List<string> problems)
    {
        var manifest = ReadManifest(files, problems.Add);
        var modules = new List<RegoSource>();
        var data = new RegoDataTree();
        foreach (var file in files)
        {
            if (file.IsModule && file.ReadText(problems.Add) is { } text)
                modules.Add(new RegoSource(file.Path, text));
            else if (file.IsData && file.ReadDocument(problems.Add) is { } document)
                problems.AddRange(data.Add(file.Directory, document).Select(problem => $"{file.Path}: {problem}"));
        }

        if (manifest is not null)
            BundleRoots.Check(manifest, modules, data.ToObject(), problems.Add);
        return problems.Count > 0 || manifest is null ? Failed(problems) : new RegoBundleReading(new RegoBundle(modules, data.ToObject(), manifest, signature), []);
    }

    private static BundleManifest? ReadManifest(IReadOnlyCollection<BundleFile> files, Action<string> report)
    {
        var manifests = files.Where(file => file.Name == BundleManifest.FileName).ToList();
        if (manifests.Find(file => file.Directory.Length > 0) is { } nested)
        {
            report($"{nested.Path}: the manifest belongs at the bundle's top");
            return null;
        }

        if (manifests is not [var manifest])
            return BundleManifest.Default;
        return manifest.ReadDocument(report) is { } document ? BundleManifest.Read(document, report) : null;
    }
}
