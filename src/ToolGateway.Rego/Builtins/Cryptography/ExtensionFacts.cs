using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>What the extensions of a certificate say, under the names of Go's x509.Certificate.</summary>
internal sealed class ExtensionFacts
{
    private const string KeyUsageOid = "2.5.29.15";
    private const string BasicConstraintsOid = "2.5.29.19";
    private const string AlternativeNamesOid = "2.5.29.17";

    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>The purposes that Go has numbers for, in their order.</summary>
    private static readonly string[] KnownPurposes =
    [
        "2.5.29.37.0", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.5", "1.3.6.1.5.5.7.3.6",
        "1.3.6.1.5.5.7.3.7", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9", "1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.2.1.22",
        "1.3.6.1.4.1.311.61.1.1",
    ];

    public int KeyUsage { get; private set; }

    public List<int> Purposes { get; } = [];

    public List<string> UnknownPurposes { get; } = [];

    public bool BasicConstraintsValid { get; private set; }

    public bool IsCa { get; private set; }

    /// <summary>−1 when the extension is there without a limit.</summary>
    public int MaxPathLength { get; private set; }

    public byte[]? SubjectKeyId { get; private set; }

    public byte[]? AuthorityKeyId { get; private set; }

    public List<string> DnsNames { get; } = [];

    public List<string> Emails { get; } = [];

    public List<IPAddress> Addresses { get; } = [];

    public List<string> Uris { get; } = [];

    public List<string> OcspServers { get; } = [];

    public List<string> IssuingUrls { get; } = [];

    public List<string> RevocationUrls { get; } = [];

    public List<string> Policies { get; } = [];

    /// <summary>Critical extensions that are not among the ones read here.</summary>
    public List<string> UnhandledCritical { get; } = [];

    /// <summary>The facts, or null when one of the extensions is malformed. AsnContentException passes to the reader of the certificate.</summary>
    public static ExtensionFacts? Read(IEnumerable<CertificateExtension> extensions)
    {
        var facts = new ExtensionFacts();
        foreach (var extension in extensions)
        {
            if (!facts.Read(extension) && extension.Critical)
                facts.UnhandledCritical.Add(extension.Oid);
        }

        return facts.Uris.TrueForAll(uri => GoUri.Parse(uri, out _) is { Scheme.Length: > 0 }) ? facts : null;
    }

    private bool Read(CertificateExtension extension)
    {
        var reader = new AsnReader(extension.Value, AsnEncodingRules.DER);
        switch (extension.Oid)
        {
            case KeyUsageOid:
                ReadKeyUsage(reader);
                break;
            case BasicConstraintsOid:
                ReadBasicConstraints(reader.ReadSequence());
                break;
            case AlternativeNamesOid:
                return ReadNames(reader.ReadSequence());
            case "2.5.29.37":
                ReadPurposes(reader.ReadSequence());
                break;
            case "2.5.29.14":
                SubjectKeyId = reader.ReadOctetString();
                break;
            case "2.5.29.35":
                var key = reader.ReadSequence();
                if (key.HasData && key.PeekTag() == new Asn1Tag(TagClass.ContextSpecific, 0))
                    AuthorityKeyId = key.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0));
                break;
            case "2.5.29.31":
                ReadRevocationUrls(reader.ReadSequence());
                break;
            case "2.5.29.32":
                for (var list = reader.ReadSequence(); list.HasData;)
                    Policies.Add(list.ReadSequence().ReadObjectIdentifier());
                break;
            case "1.3.6.1.5.5.7.1.1":
                ReadAccess(reader.ReadSequence());
                break;
            default:
                return false;
        }

        return true;
    }

    private void ReadKeyUsage(AsnReader reader)
    {
        var bits = reader.ReadBitString(out _);
        for (var i = 0; i < 9; i++)
        {
            if (i / 8 < bits.Length && (bits[i / 8] & (0x80 >> (i % 8))) != 0)
                KeyUsage |= 1 << i;
        }
    }

    private void ReadBasicConstraints(AsnReader reader)
    {
        BasicConstraintsValid = true;
        IsCa = reader.HasData && reader.PeekTag() == Asn1Tag.Boolean && reader.ReadBoolean();
        MaxPathLength = reader.HasData ? (int)System.Numerics.BigInteger.Min(reader.ReadInteger(), int.MaxValue) : -1;
    }

    private void ReadPurposes(AsnReader reader)
    {
        while (reader.HasData)
        {
            var oid = reader.ReadObjectIdentifier();
            var number = Array.IndexOf(KnownPurposes, oid);
            if (number >= 0)
                Purposes.Add(number);
            else
                UnknownPurposes.Add(oid);
        }
    }

    /// <summary>Reads alternative names; false when none of them is of a kind that Go reads.</summary>
    private bool ReadNames(AsnReader reader)
    {
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            switch (tag.TagClass == TagClass.ContextSpecific ? tag.TagValue : -1)
            {
                case 1:
                    Emails.Add(ReadAscii(reader));
                    break;
                case 2:
                    DnsNames.Add(ReadAscii(reader));
                    break;
                case 6:
                    Uris.Add(ReadAscii(reader));
                    break;
                case 7:
                    var bytes = reader.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, tag.TagValue));
                    if (bytes.Length is not (4 or 16))
                        throw new AsnContentException("x509: cannot parse IP address");
                    Addresses.Add(new IPAddress(bytes));
                    break;
                default:
                    reader.ReadEncodedValue();
                    break;
            }
        }

        return DnsNames.Count + Emails.Count + Addresses.Count + Uris.Count > 0;
    }

    private void ReadRevocationUrls(AsnReader points)
    {
        var zero = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        while (points.HasData)
        {
            var point = points.ReadSequence();
            if (!point.HasData || point.PeekTag() != zero)
                continue;
            var name = point.ReadSequence(zero);
            if (!name.HasData || name.PeekTag() != zero)
                continue;
            for (var full = name.ReadSequence(zero); full.HasData;)
            {
                if (full.PeekTag().HasSameClassAndValue(UriTag))
                    RevocationUrls.Add(ReadAscii(full));
                else
                    full.ReadEncodedValue();
            }
        }
    }

    private void ReadAccess(AsnReader list)
    {
        while (list.HasData)
        {
            var access = list.ReadSequence();
            var method = access.ReadObjectIdentifier();
            if (!access.PeekTag().HasSameClassAndValue(UriTag))
                continue;
            if (method == "1.3.6.1.5.5.7.48.1")
                OcspServers.Add(ReadAscii(access));
            else if (method == "1.3.6.1.5.5.7.48.2")
                IssuingUrls.Add(ReadAscii(access));
        }
    }

    private static string ReadAscii(AsnReader reader) => Encoding.ASCII.GetString(reader.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, reader.PeekTag().TagValue)));
}
