using System.Security.Cryptography;

namespace ToolGateway.Hosting;

/// <summary>
/// The files of one reading. Each file is read once and remembered with its digest, so that the loader can tell whether a second reading agrees
/// and whether anything changed since.
/// </summary>
internal sealed class FileSet(string baseDirectory)
{
    private readonly SortedDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    /// <summary>Content of a file; a relative path is taken from the configuration's directory. Null, with the error noted, when it cannot be read.</summary>
    public ReadOnlyMemory<byte>? Read(string path, string key, ConfigurationErrors errors)
    {
        var full = FullPath(path);
        if (_contents.TryGetValue(full, out var known))
            return known;
        try
        {
            var bytes = File.ReadAllBytes(full);
            _contents[full] = bytes;
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            errors.Add(key, path, $"the file cannot be read ({Reason(e)}); give the path of a readable file");
            return null;
        }
    }

    /// <summary>Files below a directory (or the one file <paramref name="path"/> is), as path relative to it and content, in order. Null when it cannot be read.</summary>
    public IReadOnlyList<(string RelativePath, ReadOnlyMemory<byte> Content)>? ReadDirectory(
        string path, Func<string, bool> include, string key, ConfigurationErrors errors)
    {
        var full = FullPath(path);
        if (File.Exists(full))
            return Read(path, key, errors) is { } single ? [(Path.GetFileName(full), single)] : null;
        try
        {
            var result = new List<(string, ReadOnlyMemory<byte>)>();
            foreach (var file in Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var relative = Path.GetRelativePath(full, file);

                // Kubernetes mounts keep older versions of each file in directories named ..something.
                if (relative.Split(Path.DirectorySeparatorChar).Any(segment => segment.StartsWith("..", StringComparison.Ordinal)) || !include(relative))
                    continue;
                if (Read(file, key, errors) is not { } content)
                    return null;
                result.Add((relative.Replace(Path.DirectorySeparatorChar, '/'), content));
            }

            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(key, path, $"the directory cannot be read ({Reason(e)}); give the path of a readable directory or file");
            return null;
        }
    }

    /// <summary>Digest over the names and contents of everything read so far.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        foreach (var (name, content) in _contents)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(length, content.LongLength);
            hash.AppendData(length);
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public string FullPath(string path) => Path.GetFullPath(path, baseDirectory);

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => "permission denied",
        _ => e.Message,
    };
}
