using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ToolGateway.Hosting;

/// <summary>
/// The files of one reading. Each file is read once and remembered with its digest, so that the loader can tell whether a second reading agrees
/// and whether anything changed since. Changes are found by content: timestamps of links into a swapped directory do not change.
/// </summary>
internal sealed class FileSet(string baseDirectory)
{
    private readonly SortedDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]?> _digests = new(StringComparer.Ordinal);
    private readonly List<(string Directory, Func<string, bool> Include)> _directories = [];

    /// <summary>An empty set with the same base directory.</summary>
    public FileSet Anew() => new(baseDirectory);

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
            _digests[full] = SHA256.HashData(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _digests[full] = null;
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
            return Read(full, key, errors) is { } single ? [(Path.GetFileName(full), single)] : null;
        _directories.Add((full, include));
        try
        {
            var result = new List<(string, ReadOnlyMemory<byte>)>();
            foreach (var relative in Enumerate(full, include))
            {
                if (Read(Path.Combine(full, relative), key, errors) is not { } content)
                    return null;
                result.Add((relative, content));
            }

            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(key, path, $"the directory cannot be read ({Reason(e)}); give the path of a readable directory or file");
            return null;
        }
    }

    /// <summary>Whether reading everything again would give the same set.</summary>
    public bool IsUnchanged()
    {
        foreach (var (path, digest) in _digests)
        {
            if (!SameContent(path, digest))
                return false;
        }

        foreach (var (directory, include) in _directories)
        {
            if (!SameNames(directory, include))
                return false;
        }

        return true;
    }

    /// <summary>Lets go of the contents; digests stay, so that <see cref="IsUnchanged"/> still works.</summary>
    public void ReleaseContents() => _contents.Clear();

    /// <summary>Digest over names (relative to the base directory) and contents of the files that <paramref name="include"/> accepts.</summary>
    public string Digest(Func<string, bool> include)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var (path, digest) in _digests)
        {
            if (digest is null || !include(path))
                continue;
            var name = Encoding.UTF8.GetBytes(Path.GetRelativePath(baseDirectory, path));
            BinaryPrimitives.WriteInt32BigEndian(length, name.Length);
            hash.AppendData(length);
            hash.AppendData(name);
            hash.AppendData(digest);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public string FullPath(string path) => Path.GetFullPath(path, baseDirectory);

    private static bool SameContent(string path, byte[]? digest)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return digest is not null && SHA256.HashData(stream).AsSpan().SequenceEqual(digest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return digest is null;
        }
    }

    private bool SameNames(string directory, Func<string, bool> include)
    {
        try
        {
            var now = Enumerate(directory, include);
            return now.TrueForAll(relative => _digests.ContainsKey(Path.Combine(directory, relative)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !_digests.Keys.Any(path => path.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        }
    }

    private static List<string> Enumerate(string directory, Func<string, bool> include)
    {
        var names = new List<string>();
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(directory, file).Replace(Path.DirectorySeparatorChar, '/');

            // Kubernetes mounts keep the versions of each file in directories named ..something.
            if (!relative.StartsWith("..", StringComparison.Ordinal) && !relative.Contains("/..", StringComparison.Ordinal) && include(relative))
                names.Add(relative);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => "permission denied",
        _ => e.Message,
    };
}
