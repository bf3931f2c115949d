using System.Security.Cryptography;
using System.Text;
using ToolGateway.Hosting;
using ToolGateway.Rego.Bundles;

namespace ToolGateway.Decisions.Embedded;

/// <summary>A policy that comes as an OPA bundle, with the place where the next one will be found.</summary>
internal sealed record PolicyBundle(string Path, string Revision, RegoBundle Content)
{
    private const string Section = "Decisions:Embedded:";
    private const string KeyPathKey = Section + nameof(EmbeddedOptions.VerificationKeyPath);

    public static bool IsBundle(string path) => path.EndsWith(".tar.gz", StringComparison.Ordinal) || path.EndsWith(".tgz", StringComparison.Ordinal);

    /// <summary>The archive as it came; empty unless it is to be kept.</summary>
    public ReadOnlyMemory<byte> Packed { get; init; }

    /// <summary>The bundle that the options' path names. Null when it is wrong, with every error noted.</summary>
    public static PolicyBundle? Read(EmbeddedOptions options, FileSet files, ConfigurationErrors errors)
    {
        var path = options.PolicyPath!;
        var before = errors.Items.Count;
        var keys = ReadKeys(options, files, errors);
        if (files.Read(path, Section + nameof(EmbeddedOptions.PolicyPath), errors) is not { } packed || errors.Items.Count > before)
            return null;
        var bundle = Open(packed, files.FullPath(path), options, keys, problem => errors.Add(Section + nameof(EmbeddedOptions.PolicyPath), path, problem));
        return options.Bundle.PersistPath is null || bundle is null ? bundle : bundle with { Packed = packed };
    }

    /// <summary>The bundle in an archive that was found at, or is kept for, a place. Null when it is wrong, with every error reported.</summary>
    public static PolicyBundle? Open(ReadOnlyMemory<byte> packed, string place, EmbeddedOptions options, IReadOnlyList<RegoBundleKey> keys, Action<string> report)
    {
        var reading = RegoBundle.Read(packed, new RegoBundleOptions
        {
            Keys = keys,
            Scope = options.Scope,
            AllowUnsigned = options.AllowUnsigned,
            MaxCompressedBytes = options.Bundle.MaxBytes,
            MaxUnpackedBytes = options.Bundle.MaxUnpackedBytes,
            MaxEntries = options.Bundle.MaxEntries,
        });
        foreach (var error in reading.Errors)
            report(error.Message);
        return reading.Bundle is { } bundle ? new PolicyBundle(place, bundle.Revision ?? Convert.ToHexStringLower(SHA256.HashData(packed.Span)), bundle) : null;
    }

    /// <summary>Notes options that promise a verification which a directory does not get.</summary>
    public static void RefuseOptions(EmbeddedOptions options, ConfigurationErrors errors)
    {
        foreach (var (key, value) in VerificationOptions(options))
        {
            if (value is not null)
                errors.Add(key, value, "only bundles are signed, and PolicyPath names none; let it name a bundle (*.tar.gz), or remove this");
        }
    }

    /// <summary>The modules and data for the compiler, without tests: they may need what production forbids.</summary>
    public PolicyFiles ToFiles(string shown) => new(
        [.. Content.Modules.Where(module => PolicyFiles.IsPolicy(module.File)).Select(module => module with { File = $"{shown}/{module.File}" })],
        Content.Data,
        Revision)
    {
        Bundle = this,
    };

    /// <summary>The keys that verify bundles; errors are noted where there must be one.</summary>
    public static IReadOnlyList<RegoBundleKey> ReadKeys(EmbeddedOptions options, FileSet files, ConfigurationErrors errors)
    {
        if (options.VerificationKeyPath is not { } path)
        {
            foreach (var (name, value) in VerificationOptions(options))
            {
                if (value is not null)
                    errors.Add(name, value, "only signatures have it, and no key verifies them; set VerificationKeyPath, or remove this");
            }

            if (!options.AllowUnsigned)
                errors.Add(KeyPathKey, null, "missing; give the file of the public key (PEM) or shared secret that verifies the bundle, or set AllowUnsigned where only you can write the bundle");
            return [];
        }

        if (files.Read(path, KeyPathKey, errors) is not { } content)
            return [];

        // Editors end a file with a line break, which is no part of a secret.
        var text = Encoding.UTF8.GetString(content.Span).TrimEnd('\r', '\n');
        if (RegoBundleKey.TryParse(text, options.VerificationKeyId, out var key, out var error))
            return [key];
        errors.Add(KeyPathKey, path, error);
        return [];
    }

    private static (string Key, string? Value)[] VerificationOptions(EmbeddedOptions options) =>
    [
        (KeyPathKey, options.VerificationKeyPath),
        (Section + nameof(options.VerificationKeyId), options.VerificationKeyId),
        (Section + nameof(options.Scope), options.Scope),
    ];
}
