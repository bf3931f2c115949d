namespace ToolGateway.Rego.Bundles;

/// <summary>
/// Reads the files of a tar archive that is in memory. The framework's reader allocates what a header announces before it looks whether that much follows, and
/// knows links; here everything but files and directories ends the reading.
/// </summary>
internal sealed class TarFiles(ReadOnlyMemory<byte> tar, int maxEntries, Action<string> report)
{
    private readonly SortedDictionary<string, BundleFile> _files = new(StringComparer.Ordinal);
    private string? _longName;
    private int _at;
    private bool _failed;

    /// <summary>The files in the order of their paths, or null with the reason reported.</summary>
    public IReadOnlyCollection<BundleFile>? Read()
    {
        for (var entries = 0; !_failed; entries++)
        {
            if (tar.Length - _at < TarHeader.Length)
                return Fail("the archive ends before its end mark; it is truncated, or no tar archive: fetch or make it again");
            var block = tar.Span.Slice(_at, TarHeader.Length);
            if (!block.ContainsAnyExcept((byte)0))
                return _files.Values;
            if (TarHeader.Read(block) is not { } header)
                return Fail($"damaged: no tar header at byte {_at}; fetch or make it again");
            _at += TarHeader.Length;
            if (header.Size > tar.Length - _at)
                return Fail($"{header.Name}: {header.Size} bytes are announced and fewer follow; fetch or make the bundle again");
            if (entries == maxEntries)
                return Fail($"more than {maxEntries} entries; make the bundle smaller, or allow more");
            var content = tar.Slice(_at, (int)header.Size);
            _at = (int)Math.Min(tar.Length, _at + ((header.Size + TarHeader.Length - 1) / TarHeader.Length * TarHeader.Length));
            Take(header, content);
        }

        return null;
    }

    private void Take(TarHeader header, ReadOnlyMemory<byte> content)
    {
        switch (header.Type)
        {
            case 'x' or 'g':
                TakeAttributes(PaxAttributes.Read(content.Span), header.Type == 'g');
                return;
            case 'L':
                if ((_longName = TarHeader.Text(content.Span)) is null)
                    Fail("a file's name is not UTF-8; rename the file");
                return;
            case '0' or '5':
                AddFile(_longName ?? header.Name, header, content);
                break;
            default:
                Fail($"{_longName ?? header.Name}: entry of type '{header.Type}' (a link or device); a bundle holds files and directories only");
                break;
        }

        _longName = null;
    }

    /// <summary>Attributes that would change what a file holds are refused; of the rest only its name matters.</summary>
    private void TakeAttributes(IReadOnlyDictionary<string, string>? attributes, bool isGlobal)
    {
        if (attributes is null)
            Fail("damaged: malformed extended header; fetch or make the bundle again");
        else if (attributes.Keys.FirstOrDefault(key => key == "size" || key.StartsWith("GNU.sparse", StringComparison.Ordinal) || (isGlobal && key == "path")) is { } key)
            Fail($"extended header with {key}; make the bundle with opa build, or tar -czf");
        else if (attributes.TryGetValue("path", out var path))
            _longName = path;
    }

    private void AddFile(string name, TarHeader header, ReadOnlyMemory<byte> content)
    {
        if (BundlePath.Normalize(name) is not { } path)
            Fail($"'{name}' leads out of the bundle or is no file name; name files relative to the bundle's top, without ..");
        else if (header.Type == '0' && !name.EndsWith('/') && (path.Length == 0 || !_files.TryAdd(path, new BundleFile(path, content))))
            Fail($"{path}: twice in the bundle; keep one of them");
    }

    private IReadOnlyCollection<BundleFile>? Fail(string problem)
    {
        _failed = true;
        report(problem);
        return null;
    }
}
