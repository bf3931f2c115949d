using System.Text.Json;

namespace ToolGateway.Audit.Shipping;

/// <summary>Up to where a log was shipped, kept in a file beside it.</summary>
internal sealed record ShippingPosition(string Segment, long Position)
{
    public const string FileName = "shipped.json";

    /// <summary>The kept position; null when there is none that can be read.</summary>
    public static ShippingPosition? Load(string directory)
    {
        try
        {
            var path = Path.Combine(directory, FileName);
            return File.Exists(path) ? JsonSerializer.Deserialize<ShippingPosition>(File.ReadAllBytes(path)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Save(string directory)
    {
        var path = Path.Combine(directory, FileName);
        File.WriteAllBytes(path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(this));
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
